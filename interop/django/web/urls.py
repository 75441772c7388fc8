# SPDX-License-Identifier: Apache-2.0
from importlib import import_module

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.template.response import TemplateResponse
from django.urls import path
from django.views.static import serve

tickets = import_module(settings.TICKETS)


@tickets.realtime_ticket
def page(request):
    return TemplateResponse(request, "page.html", {"realtime_url": settings.REALTIME_URL})


urlpatterns = [
    path("", page),
    path("login/", LoginView.as_view()),
    path("logout/", LogoutView.as_view()),
    path("ticket/", tickets.ticket),
    path("scripts/<path:path>", serve, {"document_root": settings.SCRIPTS}),
]
