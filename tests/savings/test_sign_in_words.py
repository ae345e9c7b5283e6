"""What somebody who cannot sign in is told: our words, the same whether or not there is such an account."""

from django.urls import reverse

WORDS = "That email and password do not match. Check both, or reset your password."


def test_an_unknown_address_and_a_wrong_password_are_told_the_same(cast, client):
    for email in (cast.users["asha"].email, "nobody@example.org"):
        answer = client.post(reverse("account_login"), {"login": email, "password": "not the password"})
        assert answer.status_code == 200
        assert WORDS in answer.text
