# SPDX-License-Identifier: Apache-2.0
"""A small site with sessions, login and CSRF protection: web.original and web.hashed are its two settings modules."""
