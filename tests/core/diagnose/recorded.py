"""Error answers as real endpoints sent them, byte for byte where the public source quotes the body.

Account ids and request ids are as quoted or replaced by others of the same form. `id` is the explanation that has to
come first. Sources are public issues; a row without one rests on AWS's own documentation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from smrt_tui.core.request import Headers
from smrt_tui.core.service import Mode

SEE = (
    "See https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logEventViewer:group=/aws/sagemaker/"
    "Endpoints/my-endpoint in account 123456789012 for more information."
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One answer, and of the request whatever matters to it."""

    id: str
    """The finding that has to come first."""
    status: int
    body: bytes
    source: str
    error_type: str = ""
    """The `x-amzn-ErrorType` header; empty when the answer has none."""
    mode: Mode = "sync"
    members: dict[str, str] = field(default_factory=lambda: {"ContentType": "application/json"})
    typed: Headers = ()
    sent: bytes = b'{"inputs": "hi"}'
    headers: Headers = ()
    """Further headers of the answer."""


def validation(message: str, error_code: str | None = None) -> bytes:
    """A body of the front door."""
    members = {"Message": message} if error_code is None else {"ErrorCode": error_code, "Message": message}
    return json.dumps(members, separators=(",", ":")).encode()


def model_error(status: int, words: str, container: str = "primary", code: str = "CLIENT_ERROR_FROM_MODEL") -> bytes:
    """The whole body of a ModelError, keys in the order they are sent in."""
    side = "client" if 400 <= status < 500 else "server"
    return json.dumps(
        {
            "ErrorCode": code,
            "LogStreamArn": "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/Endpoints/my-endpoint",
            "Message": f'Received {side} error ({status}) from {container} with message "{words}". {SEE}',
            "OriginalMessage": words,
            "OriginalStatusCode": status,
        },
        separators=(",", ":"),
    ).encode()


def only_a_sentence(sentence: str) -> bytes:
    """A ModelError of which only the message was kept."""
    return json.dumps({"Message": f"{sentence} {SEE}"}).encode()


CORAL = ":http://internal.amazon.com/coral/com.amazon.coral.service/"
HTML_500 = (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">\n<title>500 Internal Server Error</title>\n'
    "<h1>Internal Server Error</h1>\n<p>The server encountered an internal error and was unable to complete your "
    "request.  Either the server is overloaded or there is an error in the application.</p>\n"
)
COMPONENT = (
    "Inference Component Name header is required for endpoints to which you plan to deploy inference components. "
    "Please include Inference Component Name header or consider using SageMaker models."
)
NO_CAPACITY = (
    "Inference Component has no capacity to process this request. ApplicationAutoScaling may be in-progress "
    "(if configured) or try to increase the capacity by invoking UpdateInferenceComponentRuntimeConfig API."
)
TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container {}. Review the latency metrics for each "
    "container in Amazon CloudWatch, resolve the issue, and try again."
)
NO_RESPONSE = (
    "Amazon SageMaker could not get a response from the RCF-container2 endpoint. This can occur when CPU or memory "
    "utilization is high. To check your utilization, see Amazon CloudWatch. To fix this problem, use an instance type "
    "with more CPU capacity or memory."
)
EULA = (
    '{\n  "code":424,\n  "message":"prediction failure",\n  "error":"Need to pass '
    "custom_attributes='accept_eula=true' as part of header. This means you have read "
    "and accept the end-user license agreement (EULA) of the model. EULA "
    'can be found in model card description or from https://ai.meta.com/resources/models-and-libraries/"\n}'
)
WHO = "User: arn:aws:sts::123456789012:assumed-role/Reader/session is not authorized to perform: "
ARN = "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/endpoint-setu4993--labse"
EXPIRED = "Signature expired: 20250714T201419Z is now earlier than 20250714T202350Z (20250714T202850Z - 5 min.)"
VLLM = '{"error":{"message":"max_tokens=10000000 cannot be greater than max_model_len","type":"BadRequestError"}}'
CSV = {"ContentType": "text/csv"}

RECORDED: dict[str, Recorded] = {
    # the endpoint and its shape
    "endpoint not found": Recorded(
        "R01",
        400,
        validation("Endpoint DEMO-imageclassification-epc--2018-06-23-02-03-51 of account 548009560556 not found."),
        "aws/amazon-sagemaker-examples#293",
        "ValidationError",
    ),
    "endpoint not found, streamed, with the internal name behind the type": Recorded(
        "R01",
        400,
        validation("Endpoint deepseek-ai-DeepSeek-R1-Distill-Qwen-1-5B-250328-0051 of account 104946057020 not found."),
        "aws-samples",
        f"ValidationError{CORAL}",
        mode="stream",
    ),
    "endpoint not found in the OpenAI envelope": Recorded(
        "R01",
        400,
        b'{"error":{"message":"Endpoint stdapi-test-endpoint of account 123456789012 not found.",'
        b'"type":"invalid_request_error","code":"validation_error"}}',
        "stdapi-ai/stdapi.ai",
    ),
    "no component named": Recorded(
        "R02",
        400,
        validation(COMPONENT, "INFERENCE_COMPONENT_NAME_MISSING"),
        "BerriAI/litellm#37766",
        "ValidationError",
    ),
    "no component named, without a type": Recorded("R02", 400, validation(COMPONENT), "langchain-ai/langchain#14344"),
    "the component in the attributes": Recorded(
        "R02b",
        400,
        validation(COMPONENT, "INFERENCE_COMPONENT_NAME_MISSING"),
        "garystafford/llm-langchain-sql-demo#1",
        "ValidationError",
        members={
            "ContentType": "application/json",
            "CustomAttributes": "accept_eula=true,InferenceComponentName=jumpstart-dft-hf-text2text-flan-t5",
        },
    ),
    "the component under a misspelt header": Recorded(
        "R43",
        400,
        validation(COMPONENT, "INFERENCE_COMPONENT_NAME_MISSING"),
        "BerriAI/litellm#8863",
        "ValidationError",
        typed=(("X-Amzn-SageMaker-Inference-Componen", "my-component"),),
    ),
    "scaled to zero": Recorded("R03", 400, validation(NO_CAPACITY), "AWS machine learning blog", "ValidationError"),
    "scaled to zero in the OpenAI envelope": Recorded(
        "R03",
        400,
        json.dumps(
            {"error": {"message": NO_CAPACITY, "type": "invalid_request_error", "code": "validation_error"}}
        ).encode(),
        "stdapi-ai/stdapi.ai",
    ),
    "a target model where there is one model": Recorded(
        "R04",
        400,
        validation(
            "Endpoint wireframe2code is not a multi-model endpoint and does not support target model header.",
            "TARGET_MODEL_HEADER_NOT_SUPPORTED",
        ),
        "aws/amazon-sagemaker-examples#1216",
        "ValidationError",
        members={"ContentType": "image/png", "TargetModel": "m.tar.gz"},
    ),
    "a target model, by the message alone": Recorded(
        "R04",
        400,
        validation(
            "Endpoint xgboost-2020-02-08-multi is not a multi-model endpoint and does not support target model header."
        ),
        "aws/amazon-sagemaker-examples#1026",
        "ValidationError",
    ),
    "no target model": Recorded(
        "R04",
        400,
        validation("Request 186633a1-9a9f-4557-8e2b-038d9aa4bba4 is missing a target model header."),
        "aws/sagemaker-tensorflow-serving-container#166",
        "ValidationError",
    ),
    "async with a body, in old regions": Recorded(
        "R28",
        400,
        validation(
            "1 validation error detected: Value at 'body' failed to satisfy constraint: "
            "Member must have length less than or equal to 0"
        ),
        "aws/aws-sdk-js#4203",
        "ValidationError",
        mode="async",
    ),
    # limits and capacity
    "413 in plain text": Recorded(
        "R12", 413, b"HTTP content length exceeded 5246976 bytes.", "aws/sagemaker-python-sdk#171"
    ),
    "413 in JSON": Recorded("R12", 413, b'{"message":"Request Entity Too Large"}', "API Gateway's words"),
    "serverless, too large": Recorded(
        "R14",
        400,
        validation("Request 1c7e4a52-a4f1-4b0f-9a6b-3a4a1b3a5a11 has oversize body."),
        "aws/sagemaker-python-sdk#4271",
        "ValidationError",
    ),
    "throttled": Recorded("R16", 400, b'{"message":null}', "opensearch-project/ml-commons#2429", "ThrottlingException"),
    "throttled, without a type": Recorded("R16", 400, b'{"message":null}', "opensearch-project/ml-commons#2438"),
    "throttled, in words": Recorded("R16", 400, b'{"message":"Rate exceeded"}', "datahub-project/datahub#6357"),
    "throttled, by the body's type": Recorded(
        "R16", 429, b'{"__type":"com.amazon.coral.availability#ThrottlingException"}', "AWS SDKs, error parsers"
    ),
    "cold model": Recorded(
        "R17",
        429,
        validation("Model is not ready for inference yet."),
        "the service model",
        "ModelNotReadyException",
    ),
    # who is asking
    "no policy allows it": Recorded(
        "R18",
        403,
        json.dumps(
            {
                "Message": f"{WHO}sagemaker:InvokeEndpoint on resource: {ARN} because no identity-based policy "
                "allows the sagemaker:InvokeEndpoint action"
            }
        ).encode(),
        "philschmid/cdk-samples#2",
        "AccessDeniedException",
    ),
    "a service control policy denies it": Recorded(
        "R18",
        403,
        json.dumps(
            {
                "Message": f"{WHO}sagemaker:InvokeEndpoint on resource: {ARN} with an explicit deny in a service "
                "control policy"
            }
        ).encode(),
        "aws/amazon-sagemaker-feedback#193",
        "AccessDeniedException",
    ),
    "the VPC endpoint's policy does not allow it": Recorded(
        "R18",
        403,
        json.dumps(
            {
                "Message": f"{WHO}sagemaker:InvokeEndpoint on resource: {ARN} because no VPC endpoint policy allows "
                "the sagemaker:InvokeEndpoint action"
            }
        ).encode(),
        "the IAM documentation",
        "AccessDeniedException",
    ),
    "the key may not be used": Recorded(
        "R18",
        403,
        json.dumps(
            {"message": f"{WHO}kms:Decrypt on resource: arn:aws:kms:us-east-1:123456789012:key/1 with an explicit deny"}
        ).encode(),
        "the IAM documentation",
        "AccessDeniedException",
    ),
    "async has an action of its own": Recorded(
        "R18",
        403,
        json.dumps({"Message": f"{WHO}sagemaker:InvokeEndpointAsync on resource: {ARN}"}).encode(),
        "a public troubleshooting guide",
        "AccessDeniedException",
        mode="async",
    ),
    "unknown key": Recorded(
        "R19",
        403,
        b'{"message":"The security token included in the request is invalid."}',
        "astronomer/astronomer-providers#725",
        "UnrecognizedClientException",
    ),
    "unknown key as 400, by the type alone": Recorded(
        "R19", 400, b'{"__type":"UnrecognizedClientException"}', "aws/amazon-sagemaker-operator-for-k8s#99"
    ),
    "expired session": Recorded(
        "R20",
        403,
        b'{"message":"The security token included in the request is expired"}',
        "autogluon/autogluon-cloud#133",
        f"ExpiredTokenException{CORAL}",
    ),
    "expired session, without a type": Recorded(
        "R20", 403, b'{"message":"The security token included in the request is expired"}', "autogluon-cloud#133"
    ),
    "clock skew in words": Recorded(
        "R21a",
        403,
        json.dumps({"message": EXPIRED}).encode(),
        "aws-samples/bedrock-access-gateway#163",
        "InvalidSignatureException",
    ),
    "clock skew, ahead": Recorded(
        "R21a",
        403,
        b'{"message":"Signature not yet current: 20250714T203850Z is still later than 20250714T202850Z '
        b'(20250714T202350Z + 5 min.)"}',
        "AWS SDKs",
        "InvalidSignatureException",
    ),
    "clock skew, fifteen minutes, as 400": Recorded(
        "R21a",
        400,
        b'{"message":"Signature expired: 20140325T143453Z is now earlier than 20140325T143751Z '
        b'(20140325T145251Z - 15 min.)"}',
        "aws/aws-sdk-js#254",
        "InvalidSignatureException",
    ),
    "another region's scope": Recorded(
        "R21c",
        403,
        b'{"message":"Credential should be scoped to a valid region. "}',
        "the SigV4 documentation",
        "InvalidSignatureException",
    ),
    "another service's scope": Recorded(
        "R21c",
        403,
        b'{"message":"Credential should be scoped to correct service: \'sagemaker\'. "}',
        "the SigV4 documentation",
        "InvalidSignatureException",
    ),
    "another signature": Recorded(
        "R21",
        403,
        b'{"message":"The request signature we calculated does not match the signature you provided. Check your AWS '
        b'Secret Access Key and signing method. Consult the service documentation for details."}',
        "BerriAI/litellm#9157",
        "InvalidSignatureException",
    ),
    "unsigned": Recorded(
        "R22",
        403,
        b'{"message":"Missing Authentication Token"}',
        "aws/aws-cli#3999",
        "MissingAuthenticationTokenException",
    ),
    "unsigned, in XML": Recorded(
        "R22",
        403,
        b"<MissingAuthenticationTokenException>\n  <Message>Missing Authentication Token</Message>\n"
        b"</MissingAuthenticationTokenException>\n",
        "aws/aws-cli#3999",
    ),
    "half a signature": Recorded(
        "R23",
        403,
        b'{"message":"Authorization header requires \'Credential\' parameter. Authorization=AWS4-HMAC-SHA256"}',
        "the SigV4 documentation",
        "IncompleteSignatureException",
    ),
    # the container's answers
    "EULA": Recorded("R05", 424, model_error(424, EULA), "langchain-ai/langchain#9733", "ModelError"),
    "EULA beside other attributes": Recorded(
        "R05",
        424,
        model_error(424, EULA),
        "philschmid/easyllm#41",
        "ModelError",
        members={"ContentType": "application/json", "CustomAttributes": "trace=1"},
    ),
    "415 by BlazingText": Recorded(
        "R06",
        424,
        model_error(415, "content-type application/octet-stream not supported", "model"),
        "aws/amazon-sagemaker-examples#2047",
        "ModelError",
        members={"ContentType": "application/octet-stream"},
    ),
    "415 by DeepAR": Recorded(
        "R06",
        424,
        model_error(
            415,
            "Customer Error: Content-Type header value 'application/octet-stream' not supported (caused by KeyError)",
            "model",
        ),
        "aws/amazon-sagemaker-examples#1800; aws/sagemaker-python-sdk#2046",
        "ModelError",
        members={"ContentType": "application/octet-stream"},
    ),
    "415 by XGBoost": Recorded(
        "R06",
        424,
        model_error(
            415,
            "application/json is not an accepted ContentType: csv, libsvm, parquet, recordio-protobuf, text/csv, "
            "text/libsvm, text/x-libsvm, application/x-parquet, application/x-recordio-protobuf.",
        ),
        "aws/sagemaker-xgboost-container#390",
        "ModelError",
    ),
    "415 by TensorFlow Serving": Recorded(
        "R06",
        424,
        model_error(415, '\n{\n    "error": "Unsupported Media Type: application/x-image"\n}\n', "model"),
        "aws/sagemaker-tensorflow-serving-container#148",
        "ModelError",
        members={"ContentType": "application/x-image"},
        sent=b"\x89PNG\r\n\x1a\n",
    ),
    "a toolkit's refusal as 400": Recorded(
        "R06",
        424,
        model_error(
            400,
            '{\n  "code": 400,\n  "type": "InternalServerException",\n  "message": "Content type text/plain is not '
            'supported by this framework."\n}\n',
        ),
        "aws/sagemaker-inference-toolkit",
        "ModelError",
        members={"ContentType": "text/plain"},
    ),
    "a toolkit's refusal of Accept in the same words": Recorded(
        "R07",
        424,
        model_error(500, "Content type image/png is not supported by this framework."),
        "aws/sagemaker-inference-toolkit",
        "ModelError",
        members={"ContentType": "application/json", "Accept": "image/png"},
    ),
    "406": Recorded(
        "R07",
        424,
        model_error(406, "Accept type 'application/json' is not supported.", "model"),
        "aws/amazon-sagemaker-examples#4839",
        "ModelError",
        members={"ContentType": "application/json", "Accept": "application/json"},
    ),
    "timed out, old name": Recorded(
        "R09",
        424,
        only_a_sentence(f'Received server error (0) from model with message "{TIMED_OUT.format("model")}".'),
        "aws/amazon-sagemaker-examples#799",
        "ModelError",
    ),
    "timed out, new name": Recorded(
        "R09",
        424,
        model_error(0, TIMED_OUT.format("primary"), code="MODEL_INVOCATION_TIMEOUT"),
        "aws-samples/host-yolov8-on-sagemaker-endpoint#21",
        "ModelError",
    ),
    "no response": Recorded(
        "R11",
        424,
        only_a_sentence(f'Received server error (0) from model with message "{NO_RESPONSE}".'),
        "aws/amazon-sagemaker-examples#3089 #2815",
        "ModelError",
    ),
    "the process exited": Recorded(
        "R11",
        424,
        only_a_sentence(
            "Received server error (0) from model with message "
            '"An error occurred while handling request as the model process exited.".'
        ),
        "a public deployment log",
        "ModelError",
    ),
    "the container's own limit": Recorded(
        "R15",
        424,
        model_error(413, "Failed to buffer the request body: length limit exceeded"),
        "huggingface/text-embeddings-inference#433",
        "ModelError",
    ),
    "500 in HTML": Recorded(
        "R45", 424, model_error(500, HTML_500, "model"), "aws/amazon-sagemaker-examples#235", "ModelError"
    ),
    "500 with nothing": Recorded(
        "R45", 424, model_error(500, "", "model"), "aws/amazon-sagemaker-examples#833", "ModelError"
    ),
    "500 in Python's words": Recorded(
        "R45",
        424,
        model_error(500, "local variable 'pred' referenced before assignment", "model"),
        "aws/amazon-sagemaker-examples#1809",
        "ModelError",
    ),
    "500 whose body could not be loaded": Recorded(
        "R45",
        424,
        only_a_sentence("Received server error (500) from primary and could not load the entire response body."),
        "aws/amazon-sagemaker-examples#4324; aws/sagemaker-python-sdk#4395",
        "ModelError",
    ),
    "502 of the container's nginx": Recorded(
        "R45",
        424,
        model_error(502, "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body></html>"),
        "aws/sagemaker-tensorflow-serving-container#222",
        "ModelError",
    ),
    "a handler's exception as 400": Recorded(
        "R45",
        424,
        model_error(
            400,
            '\n{\n    "code": 400,\n    "type": "InternalServerException",\n    "message": "index out of range in self"'
            "\n}\n\n",
        ),
        "aws/sagemaker-python-sdk#2955",
        "ModelError",
    ),
    "out of GPU memory": Recorded(
        "R45",
        424,
        model_error(
            400,
            '{\n  "code": 400,\n  "type": "InternalServerException",\n  "message": "CUDA out of memory. Tried to '
            'allocate 2.00 GiB"\n}\n',
        ),
        "aws/sagemaker-huggingface-inference-toolkit",
        "ModelError",
    ),
    "a worker died": Recorded(
        "R45",
        424,
        model_error(
            500, '{\n  "code": 500,\n  "type": "InternalServerException",\n  "message": "Worker died."\n}\n', "model"
        ),
        "kserve/kserve#3445",
        "ModelError",
    ),
    "LMI's prediction failure": Recorded(
        "R45",
        424,
        model_error(424, '{\n  "code":424,\n  "message":"prediction failure",\n  "error":"can only join str"\n}'),
        "generative-ai-on-aws/generative-ai-on-aws#2",
        "ModelError",
    ),
    "JSON sent as csv, answered with 500": Recorded(
        "R46",
        424,
        model_error(500, HTML_500, "model"),
        "aws/amazon-sagemaker-examples#924",
        "ModelError",
        members=CSV,
        sent=b'{"instances": [{"data": "you are so good !"}]}',
    ),
    "unable to evaluate": Recorded(
        "R46",
        424,
        model_error(400, "unable to evaluate payload provided", "model"),
        "aws/amazon-sagemaker-examples#1881",
        "ModelError",
        members=CSV,
        sent=b"6.4,3.2,4.5,1.5",
    ),
    "Unable to evaluate, with a stack trace": Recorded(
        "R46",
        424,
        model_error(
            400,
            "Unable to evaluate payload provided: [07:45:30] /workspace/src/learner.cc:723: Check failed: "
            "mparam_.num_feature != 0 (0 vs. 0) : 0 feature is supplied.  Are you using raw Booster interface?\n"
            "Stack trace:\n  [bt] (0) /usr/local/lib/python3.5/dist-packages/xgboost/./lib/libxgboost.so",
            "model",
        ),
        "aws/amazon-sagemaker-examples#874",
        "ModelError",
        members=CSV,
        sent=b"1,2",
    ),
    "encoded twice": Recorded(
        "R58",
        424,
        model_error(400, '{\n  "code": 400,\n  "type": "InternalServerException",\n  "message": "string indices"\n}\n'),
        "aws/sagemaker-python-sdk#3341",
        "ModelError",
        sent=b'"{\\"inputs\\": \\"hi\\"}"',
    ),
    "no content type": Recorded(
        "R08", 424, model_error(400, "bad input"), "aws/amazon-sagemaker-examples#324", "ModelError", members={}
    ),
    "too many tokens": Recorded(
        "model-error",
        424,
        model_error(
            422,
            '{"error":"Input validation error: `inputs` must have less than 1000 tokens. Given: 1413",'
            '"error_type":"validation"}',
        ),
        "huggingface/text-generation-inference#660",
        "ModelError",
    ),
    "no model name": Recorded(
        "model-error",
        424,
        model_error(
            400,
            '{\n  "code": 400,\n  "type": "BadRequestException",\n  "message": "Parameter model_name is required."\n}',
        ),
        "aws-samples/amazon-sagemaker-generativeai#110",
        "ModelError",
    ),
    "vLLM's limit in the OpenAI envelope": Recorded(
        "model-error",
        424,
        json.dumps(
            {
                "error": {
                    "message": f'Received client error (400) from Kl6NPmsGIHdsibbMO7hO with message "{VLLM}". {SEE}',
                    "type": "server_error",
                    "code": "model_error",
                }
            }
        ).encode(),
        "stdapi-ai/stdapi.ai",
    ),
    # the service itself, and what stands between
    "internal failure": Recorded(
        "R56", 500, validation("Unable to process the request."), "the service model", "InternalFailure"
    ),
    "unavailable": Recorded(
        "R56", 503, validation("The service is currently unavailable."), "the service model", "ServiceUnavailable"
    ),
    "unavailable, as a page": Recorded(
        "R56", 503, b"<html><body><b>Http/1.1 Service Unavailable</b></body> </html>", "the front door's load balancer"
    ),
    "a dependency": Recorded(
        "R55", 530, validation("Dependency failed."), "the service model", "InternalDependencyException"
    ),
    "no such operation": Recorded("R52", 404, b"<UnknownOperationException/>\n", "botocore's parsers"),
    "a proxy's page": Recorded(
        "R53",
        403,
        b"<!DOCTYPE html><html><head><title>Access Denied</title></head><body>Blocked by policy</body></html>",
        "botocore's parsers",
        headers=(("Server", "squid/5.7"), ("Content-Type", "text/html")),
    ),
    "a proxy's own 503": Recorded(
        "R53",
        503,
        b"<html><head><title>ERROR</title></head><body>Connection to 10.0.0.1 failed.</body></html>",
        "botocore's parsers",
        headers=(("Server", "squid/5.7"), ("Via", "1.1 proxy (squid/5.7)")),
    ),
}
