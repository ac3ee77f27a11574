"""A profile made from an endpoint: always one that loads, with what is told and what is guessed kept apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from smrt_tui.core.account import (
    AsyncOutput,
    ComponentSummary,
    ContainerSummary,
    EndpointDescription,
    Serverless,
    VariantSummary,
)
from smrt_tui.core.from_endpoint import Access, mode_of, profile_of
from smrt_tui.core.image_guess import guess_style, is_jumpstart
from smrt_tui.core.profile import CredentialsSpec, Profile
from smrt_tui.store.profiles import read_profile

REGISTRY = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
TGI = f"{REGISTRY}/huggingface-pytorch-tgi-inference:2.4.0-tgi2.3.1-gpu-py311-cu124-ubuntu22.04"


def described(*variants: VariantSummary, **members: object) -> EndpointDescription:
    known = EndpointDescription("one", "arn:aws:sagemaker:us-east-1:1:endpoint/one", "us-east-1", "InService")
    return replace(known, variants=variants or (VariantSummary("AllTraffic"),), **members)


def with_image(image: str, **members: object) -> EndpointDescription:
    return described(VariantSummary("AllTraffic", images=(image,)), **members)


def loaded(text: str) -> Profile:
    profile, problems = read_profile(text)
    assert problems == (), text
    assert profile is not None
    return profile


@pytest.mark.parametrize(
    ("image", "template", "mode"),
    [
        (TGI, "tgi-generate", "stream"),
        (f"{REGISTRY}/djl-inference:0.33.0-lmi15.0.0-cu128", "lmi-generate", "stream"),
        (f"{REGISTRY}/vllm:0.11.0-gpu-py312-cu128-ubuntu22.04-sagemaker", "openai-chat", "stream"),
        (f"{REGISTRY}/sglang:0.5.5-gpu", "openai-chat", "stream"),
        ("1.dkr.ecr.eu-west-1.amazonaws.com/nim-llama3:1.0", "nim-chat", "stream"),
        (f"{REGISTRY}/tei:2.0.1-tei1.2.3-gpu-py310", "embeddings-tei", "sync"),
        (f"{REGISTRY}/tei-cpu:2.0.1", "embeddings-tei", "sync"),
        (f"{REGISTRY}/huggingface-pytorch-inference:2.1.0-transformers4.37.0-gpu", "hf-pipeline", "sync"),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1", "csv-tabular", "sync"),
        ("683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3", "csv-tabular", "sync"),
        (f"{REGISTRY}/tensorflow-inference:2.14.1-cpu", "tf-serving", "sync"),
        ("1.dkr.ecr.us-east-1.amazonaws.com/sagemaker-tritonserver:24.03-py3", "triton-v2", "sync"),
        ("522234722520.dkr.ecr.us-east-1.amazonaws.com/forecasting-deepar:1", "deepar", "sync"),
        ("811284229777.dkr.ecr.us-east-1.amazonaws.com/image-classification:1", "image-bytes", "sync"),
        ("local/vllm:chat", "openai-chat", "stream"),
        ("local/sagemaker-xgboost:tabular", "csv-tabular", "sync"),
    ],
)
def test_an_image_tells_payload_and_mode(image: str, template: str, mode: str) -> None:
    guess = guess_style([image])
    assert guess.template is not None
    assert guess.template.name == template
    profile = loaded(profile_of(with_image(image)))
    assert (profile.mode, profile.payloads[0].name) == (mode, template)


@pytest.mark.parametrize("image", [f"{REGISTRY}/pytorch-inference:2.3.0-gpu", "1.dkr.ecr/x/mine:latest", "protein:1"])
def test_an_image_that_tells_nothing_leaves_the_payload_open(image: str) -> None:
    assert guess_style([image]).template is None
    text = profile_of(with_image(image))
    assert "# Nothing could be guessed: the image " in text
    assert loaded(text).payloads[0].body == "{}\n"


def test_a_guess_stands_in_the_text_with_its_reason() -> None:
    text = profile_of(with_image(TGI))
    assert "is Text Generation Inference, which streams." in text
    assert loaded(text).stream.preset == "tgi"


def test_an_async_endpoint_is_invoked_in_no_other_way() -> None:
    one = with_image(TGI, async_output=AsyncOutput("s3://bucket/out/"))
    assert mode_of(one, guess_style(one.images).template) == "async"
    profile = loaded(profile_of(one))
    assert profile.mode == "async"
    assert '"stream": true' not in (profile.payloads[0].body or "")
    assert "s3://bucket/out/" in profile_of(one)


def test_a_component_that_is_up_is_called_and_the_others_are_named() -> None:
    components = (
        ComponentSummary("down", "AllTraffic", "InService", copies=0),
        ComponentSummary("up", "AllTraffic", "InService", copies=2, image=TGI),
        ComponentSummary("lora", "AllTraffic", "InService", base="up"),
    )
    text = profile_of(described(components=components))
    assert loaded(text).request["InferenceComponentName"] == "up"
    assert "  # InferenceComponentName: down  # InService, no copy is up\n" in text
    assert "adapter of up" in text
    assert loaded(text).mode == "stream"


def test_variants_are_named_and_left_to_their_weights() -> None:
    text = profile_of(
        described(
            VariantSummary("blue-one", 0.9, 2, "ml.g5.xlarge", "LEAST_OUTSTANDING_REQUESTS"),
            VariantSummary("green-two", 0.1, 0, "ml.g5.xlarge"),
        )
    )
    assert "  # TargetVariant: blue-one  # weight 0.9, 2 × ml.g5.xlarge, LEAST_OUTSTANDING_REQUESTS\n" in text
    assert "  # TargetVariant: green-two  # weight 0.1, 0 × ml.g5.xlarge, scaled to zero\n" in text
    assert "TargetVariant" not in loaded(text).request


def test_a_multi_model_endpoint_asks_for_its_archive() -> None:
    container = ContainerSummary("x/sagemaker-xgboost:1", is_multi_model=True, model_data="s3://bucket/models/")
    text = profile_of(described(VariantSummary("AllTraffic", containers=(container,))))
    assert loaded(text).request["TargetModel"] == "{{target_model}}"
    assert "below s3://bucket/models/" in text


def test_direct_containers_are_called_by_their_host_names() -> None:
    containers = (ContainerSummary("a:1", "first-one"), ContainerSummary("b:1", "second-one"))
    text = profile_of(described(VariantSummary("AllTraffic", containers=containers, is_direct=True)))
    assert loaded(text).request["TargetContainerHostname"] == "first-one"
    assert "  # TargetContainerHostname: second-one\n" in text


def test_a_jumpstart_model_tells_of_its_licence_without_accepting_it() -> None:
    data = "s3://jumpstart-private-cache-prod-us-east-1/meta-textgeneration/x.tar.gz"
    assert is_jumpstart(data)
    assert not is_jumpstart("s3://my-jumpstart-cache-/x")
    text = profile_of(described(VariantSummary("AllTraffic", containers=(ContainerSummary(TGI, model_data=data),))))
    assert "  # CustomAttributes: accept_eula=true\n" in text
    assert "CustomAttributes" not in loaded(text).request


def test_what_is_special_or_was_not_read_is_told_at_the_top() -> None:
    text = profile_of(
        described(
            VariantSummary("AllTraffic", serverless=Serverless(2048)),
            status="Failed",
            failure="The role\ncannot pull\x1b[31m the image",
            has_explainer=True,
            captures_data=True,
            shadows=("dark",),
            unread=("sagemaker:DescribeModel is not allowed",),
        )
    )
    head = text.split("\n\n")[0]
    assert "# Its state was Failed: The role cannot pull␛[31m the image\n" in head
    for told in ("serverless", "EnableExplanations", "captures data", "dark", "# Not read: sagemaker:DescribeModel"):
        assert told in head
    loaded(text)


def test_the_way_to_the_endpoint_is_kept() -> None:
    text = profile_of(described(), Access(CredentialsSpec(profile="ml dev"), "http://127.0.0.1:8890"))
    profile = loaded(text)
    assert (profile.credentials, profile.endpoint_url) == (CredentialsSpec(profile="ml dev"), "http://127.0.0.1:8890")
    assert loaded(profile_of(described(), Access(CredentialsSpec(env=True)))).credentials == CredentialsSpec(env=True)


ANY = st.text(max_size=30)
CONTAINERS = st.builds(ContainerSummary, ANY, ANY, st.booleans(), ANY)
VARIANTS = st.builds(
    VariantSummary,
    ANY,
    st.none() | st.floats(0, 1),
    st.none() | st.integers(0, 9),
    ANY,
    ANY,
    st.none() | st.builds(Serverless, st.none() | st.integers(1, 9)),
    st.lists(ANY | st.just(TGI), max_size=2).map(tuple),
    ANY,
    st.lists(CONTAINERS, max_size=2).map(tuple),
    st.booleans(),
)
COMPONENTS = st.builds(ComponentSummary, ANY.filter(str.strip), ANY, ANY, st.none() | st.integers(0, 2), ANY, ANY)


@settings(max_examples=25, deadline=None)
@given(
    st.builds(
        EndpointDescription,
        ANY.filter(str.strip),
        ANY,
        ANY,
        ANY,
        failure=ANY,
        variants=st.lists(VARIANTS, max_size=3).map(tuple),
        shadows=st.lists(ANY, max_size=2).map(tuple),
        components=st.lists(COMPONENTS, max_size=3).map(tuple),
        async_output=st.none() | st.builds(AsyncOutput, ANY, ANY),
        has_explainer=st.booleans(),
        captures_data=st.booleans(),
        unread=st.lists(ANY, max_size=2).map(tuple),
    )
)
def test_whatever_an_account_says_gives_a_profile_that_loads(one: EndpointDescription) -> None:
    loaded(profile_of(one))
