# SPDX-License-Identifier: Apache-2.0
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class Person(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    # Not those of auth.User, which is there too.
    groups = None
    user_permissions = None

    class Meta:
        swappable = "AUTH_USER_MODEL"
