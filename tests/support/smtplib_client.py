# Python's own client. smtplib_client.py many|big|tls|utf8 PORT FOLDER: what it sends it also writes
# into FOLDER, so that it can be compared with what arrived.
import email.message
import email.policy
import smtplib
import ssl
import sys

what, port, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
alice, bob = 'alice@crepes.example', 'bob@hamburger.example'
client = smtplib.SMTP('127.0.0.1', port, local_hostname='crepes.example', timeout=60)


def letter(subject, text='Do you like ketchup?\n.\n..dots\n'):
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message['From'], message['To'], message['Subject'] = alice, bob, subject
    message.set_content(text)
    return message


def keep(octets):
    with open(folder + '/sent', 'wb') as out:
        out.write(octets)


if what == 'many':
    for number in range(1000):
        if client.send_message(letter('letter %d' % number), alice, [bob]):
            sys.exit('refused')
elif what == 'big':
    message = letter('25 MB')
    message.add_attachment(bytes(range(256)) * (25 * 4096), maintype='application',
                           subtype='octet-stream', filename='big.bin')
    octets = message.as_bytes()
    keep(octets)
    client.sendmail(alice, [bob], octets)
elif what == 'tls':
    client.starttls(context=ssl.create_default_context(cafile=folder + '/ca.pem'))
    client.login('alice', 'ketchup')  # CRAM-MD5, its first choice
    keep(letter('secret').as_bytes())
    client.send_message(letter('secret'))
elif what == 'utf8':
    message = email.message.EmailMessage(policy=email.policy.SMTPUTF8)
    message['From'], message['To'] = 'j\u00f6rg@crepes.example', bob
    message['Subject'] = '\u6f22\u5b57'
    message.set_content('\u00dc\n', cte='8bit')
    keep(message.as_bytes())
    client.send_message(message)
client.quit()
