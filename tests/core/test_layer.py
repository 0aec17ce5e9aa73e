import pytest
from asgiref.sync import async_to_sync
from channels.layers import channel_layers, get_channel_layer
from channels_redis.core import RedisChannelLayer


@pytest.mark.redis
def test_a_message_reaches_another_process_s_layer_through_redis():
    assert isinstance(get_channel_layer(), RedisChannelLayer)

    async def across():
        # As two processes have it: nothing is shared between the two but Redis.
        sender, receiver = (channel_layers.make_backend("default") for _ in range(2))
        channel = await receiver.new_channel()
        await receiver.group_add("county-690281", channel)
        await sender.group_send("county-690281", {"type": "version", "number": 7})
        message = await receiver.receive(channel)
        await sender.flush()
        return message

    assert async_to_sync(across)() == {"type": "version", "number": 7}
