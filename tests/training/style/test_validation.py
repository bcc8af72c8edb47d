"""Promises of the figures a distillation reports."""

import torch

from training.style.validation import cosine


def test_a_constant_vector_scores_nothing_however_near_the_mean():
    teacher = torch.randn(200, 100) + 3
    mean = teacher.mean(0)
    assert abs(cosine(mean.expand(200, 100) + 0.01, teacher, mean)) < 0.2


def test_the_teachers_own_vectors_score_one():
    teacher = torch.randn(50, 100)
    assert cosine(teacher, teacher, teacher.mean(0)) > 0.999
