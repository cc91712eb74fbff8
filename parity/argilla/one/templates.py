"""The task templates of the 1.x client."""

import argilla_v1 as rg

from checks import check, equal
from one.clients import again, pushed, workspace

TEMPLATES = {
    "text_classification": ({"labels": ["yes", "no"], "multi_label": False}, ["text"], ["label"]),
    "question_answering": ({}, ["question", "context"], ["answer"]),
    "summarization": ({}, ["text"], ["summary"]),
    "translation": ({}, ["source"], ["target"]),
    "sentence_similarity": ({}, ["sentence-1", "sentence-2"], ["similarity"]),
    "natural_language_inference": ({}, ["premise", "hypothesis"], ["label"]),
    "supervised_fine_tuning": ({"context": True}, ["prompt", "context"], ["response"]),
    "preference_modeling": (
        {"number_of_responses": 3},
        ["prompt", "response1", "response2", "response3"],
        ["preference"],
    ),
    "proximal_policy_optimization": ({}, ["prompt"], ["prompt"]),
    "direct_preference_optimization": ({}, ["prompt", "response1", "response2"], ["preference"]),
    "retrieval_augmented_generation": (
        {},
        ["query", "retrieved_document_1"],
        ["rating_retrieved_document_1", "response"],
    ),
    "multi_modal_classification": ({"labels": ["yes", "no"], "multi_label": True}, ["content"], ["label"]),
    "multi_modal_transcription": ({}, ["content"], ["description"]),
}


@check("`FeedbackDataset.for_…`", "all thirteen templates are pushed and found with their fields and questions")
def pushes_templates(world):
    place = workspace(world)
    for name, (options, fields, questions) in TEMPLATES.items():
        found = again(pushed(world, getattr(rg.FeedbackDataset, f"for_{name}")(**options), place))
        equal(
            ([each.name for each in found.fields], [each.name for each in found.questions]), (fields, questions), name
        )
    equal(len(rg.FeedbackDataset.list(place.name)), len(TEMPLATES))
