// Runs the cases on stdin with @aws-sdk/client-sagemaker-runtime and prints what it saw, one JSON value for all.
import { text } from "node:stream/consumers";
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  InvokeEndpointWithResponseStreamCommand,
  SageMakerRuntimeClient,
} from "@aws-sdk/client-sagemaker-runtime";

const decode = (bytes) => Buffer.from(bytes ?? []).toString("latin1");

async function run({ mode, endpoint, attributes, deadline }) {
  const client = new SageMakerRuntimeClient({ maxAttempts: 1 }); // a fresh one: it learns the server's clock
  const seen = { error: "", status: null, parts: [], answer: {} };
  const input = {
    EndpointName: endpoint,
    Body: Buffer.from("{}"),
    ...(attributes ? { CustomAttributes: attributes } : {}),
  };
  try {
    const options = deadline ? { abortSignal: AbortSignal.timeout(deadline) } : {};
    if (mode === "sync") {
      const { Body, $metadata, ...answer } = await client.send(new InvokeEndpointCommand(input), options);
      seen.answer = answer;
      seen.parts.push(decode(Body));
    } else if (mode === "async") {
      const { $metadata, ...answer } = await client.send(new InvokeEndpointAsyncCommand(input), options);
      seen.answer = answer;
    } else {
      const { Body, $metadata, ...answer } = await client.send(
        new InvokeEndpointWithResponseStreamCommand(input),
        options,
      );
      seen.answer = answer;
      for await (const event of Body) if (event.PayloadPart) seen.parts.push(decode(event.PayloadPart.Bytes));
    }
  } catch (error) {
    seen.error = error.name || String(error);
    seen.status = error.$metadata?.httpStatusCode ?? null;
    seen.message = String(error.message).slice(0, 200);
  }
  return seen;
}

const results = [];
for (const one of JSON.parse(await text(process.stdin))) results.push(await run(one));
console.log(JSON.stringify(results));
process.exit(0);
