"""How each maker's robot wants to be spoken to: one table."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from workflows.mailroom.models import Robot
from workflows.mailroom.post import Answer, NotSent, post


@dataclass(frozen=True)
class Message:
    """What is said: counts, the firm's name and a link; never a member, never a person."""

    text: str
    link: str
    key: str  # the same when it is sent again
    numbers: dict = field(default_factory=dict)

    @property
    def whole(self) -> str:
        return f"{self.text}\n{self.link}"


def _signature(secret: str, said: str) -> bytes:
    return hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest()


def _text(robot: Robot, message: Message, at: datetime) -> tuple[str, bytes, dict]:
    said = {"msgtype": "text", "text": {"content": message.whole}}
    return robot.url, _json(said), {}


def _dingtalk(robot: Robot, message: Message, at: datetime) -> tuple[str, bytes, dict]:
    """As WeCom's; with a secret, the moment and its signature are in the address."""
    url, body, headers = _text(robot, message, at)
    if robot.secret:
        moment = str(int(at.timestamp() * 1000))
        sign = base64.b64encode(_signature(robot.secret, f"{moment}\n{robot.secret}")).decode()
        url += ("&" if "?" in url else "?") + urlencode({"timestamp": moment, "sign": sign})
    return url, body, headers


def _signed_json(robot: Robot, message: Message, at: datetime) -> tuple[str, bytes, dict]:
    """X-Desk-Signature is the HMAC-SHA256, in hex, of timestamp, full stop and body."""
    body = _json({"text": message.text, "link": message.link, **message.numbers})
    moment = str(int(at.timestamp()))
    headers = {"X-Desk-Timestamp": moment, "X-Desk-Delivery": message.key}
    if robot.secret:
        sign = _signature(robot.secret, f"{moment}.{body.decode()}").hex()
        headers["X-Desk-Signature"] = f"sha256={sign}"
    return robot.url, body, headers


def _json(said: dict) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def _says_ok(answer: Answer) -> bool:
    """WeCom and DingTalk answer 200 to everything; whether it was taken stands in the body."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("errcode") == 0


@dataclass(frozen=True)
class Way:
    """One maker's way: how a message becomes a request, what is a yes, how many a minute."""

    request: Callable[[Robot, Message, datetime], tuple[str, bytes, dict]]
    taken: Callable[[Answer], bool]
    a_minute: int


WAYS = {
    Robot.Maker.WECOM: Way(_text, _says_ok, 20),
    Robot.Maker.DINGTALK: Way(_dingtalk, _says_ok, 20),
    Robot.Maker.JSON: Way(_signed_json, lambda answer: True, 60),
}


def speak(robot: Robot, message: Message, *, at: datetime) -> None:
    """Send one message. Raises NotSent with a sentence for the robot's keeper, or Refused."""
    way = WAYS[robot.maker]
    url, body, headers = way.request(robot, message, at)
    headers = {"Content-Type": "application/json; charset=utf-8"} | headers
    answer = post(url, body, headers)
    if 300 <= answer.status < 400:
        raise NotSent(_("It leads to another address; that is not followed."))
    if not 200 <= answer.status < 300:
        raise NotSent(_("It answered with the error %(status)d.") % {"status": answer.status})
    if not way.taken(answer):
        raise NotSent(_("It did not take the message: check address, secret and key words."))
