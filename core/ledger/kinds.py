"""What kinds of firm there are: by size and by industry."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Size(models.TextChoices):
    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class Industry(models.TextChoices):
    """Sections of GB/T 4754-2017."""

    A = "A", _("Farming, forestry, animal husbandry, fishery")
    B = "B", _("Mining")
    C = "C", _("Manufacturing")
    D = "D", _("Electricity, heat, gas, water")
    E = "E", _("Construction")
    F = "F", _("Wholesale and retail")
    G = "G", _("Transport, storage, post")
    H = "H", _("Lodging and catering")
    I = "I", _("Information and software")  # noqa: E741
    J = "J", _("Finance")
    K = "K", _("Real estate")
    L = "L", _("Leasing and business services")
    M = "M", _("Research and technical services")
    N = "N", _("Water, environment, public facilities")
    O = "O", _("Household and repair services")  # noqa: E741
    P = "P", _("Education")
    Q = "Q", _("Health and social work")
    R = "R", _("Culture, sports, entertainment")
    S = "S", _("Public administration and social organisations")
    T = "T", _("International organisations")
