"""Headers that no other middleware sets."""

from django.middleware.gzip import GZipMiddleware

POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"


class Headers:
    """No page may use camera or place (the first law of the product), and none is kept on the
    computer after its reader has gone, unless the view says otherwise."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cache-Control", "no-store, private")
        return response


class Squeezed(GZipMiddleware):
    """Text goes out compressed: a page of the inbox is a fifth of its size. Files are packed
    already, most of them; Django pads the answer, so that its length tells nothing."""

    def process_response(self, request, response):
        if response.get("Content-Type", "").startswith(("text/", "application/json")):
            return super().process_response(request, response)
        return response
