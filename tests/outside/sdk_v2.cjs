// Runs the cases on stdin with aws-sdk v2 and prints what it saw, one JSON value for all.
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const { text } = require("node:stream/consumers");
const AWS = require("aws-sdk");

const endpoint = process.env.AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME; // v2 does not read it by itself
const decode = (bytes) => Buffer.from(bytes ?? []).toString("latin1");

function streamed(client, input, seen) {
  return new Promise((resolve, reject) => {
    client.invokeEndpointWithResponseStream(input, (error, data) => {
      if (error) return reject(error);
      const { Body, ...answer } = data;
      seen.answer = answer;
      // an exception in the stream comes as undefined
      Body.on("data", (event) => event?.PayloadPart && seen.parts.push(decode(event.PayloadPart.Bytes)));
      Body.on("error", reject);
      Body.on("end", resolve);
    });
  });
}

async function run({ mode, endpoint: name, attributes, deadline, location, emptied }) {
  const seen = { error: "", status: null, parts: [], answer: {} };
  const client = new AWS.SageMakerRuntime({ endpoint, maxRetries: 0, httpOptions: { timeout: deadline ?? 20000 } });
  const input = { EndpointName: name, ...(attributes ? { CustomAttributes: attributes } : {}) };
  try {
    if (mode === "sync") {
      const { Body, ...answer } = await client.invokeEndpoint({ ...input, Body: "{}" }).promise();
      seen.answer = answer;
      seen.parts.push(decode(Body));
    } else if (mode === "async") {
      const request = client.invokeEndpointAsync({ ...input, InputLocation: location });
      if (emptied) request.on("build", ({ httpRequest }) => (httpRequest.body = ""));
      seen.answer = await request.promise();
    } else {
      await streamed(client, { ...input, Body: "{}" }, seen);
    }
  } catch (error) {
    seen.error = error.code || error.name || String(error);
    seen.status = error.statusCode ?? null;
    seen.message = String(error.message).slice(0, 200);
  }
  return seen;
}

// v2 sometimes ends a broken stream with neither an error nor an end.
function orNothing(one) {
  const nothing = { error: "nothing ever happens", status: null, parts: [], answer: {} };
  return Promise.race([run(one), new Promise((resolve) => setTimeout(resolve, 3000, nothing))]);
}

async function main() {
  const results = [];
  for (const one of JSON.parse(await text(process.stdin))) results.push(await orNothing(one));
  console.log(JSON.stringify(results));
  process.exit(0);
}

main();
