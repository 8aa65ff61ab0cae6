# aiosmtpd_server.py CERT KEY: aiosmtpd in two places, plain text with STARTTLS and TLS from the first
# octet on, where alice may log in. Says where; ends with its input.
import asyncio
import ssl
import sys

from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


def login(server, session, envelope, mechanism, data):
    return AuthResult(success=isinstance(data, LoginPassword)
                      and data.login == b'alice' and data.password == b'ketchup')


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(sys.argv[1], sys.argv[2])
loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)


def listen(implicit, **options):
    def serve():
        return SMTP(Sink(), hostname='aiosmtpd.example', authenticator=login, loop=loop, **options)
    server = loop.run_until_complete(loop.create_server(
        serve, host='127.0.0.1', port=0, ssl=context if implicit else None))
    return '127.0.0.1:%d' % server.sockets[0].getsockname()[1]


print(listen(False, tls_context=context, require_starttls=True),
      listen(True, auth_require_tls=False), flush=True)
loop.add_reader(0, loop.stop)
loop.run_forever()
