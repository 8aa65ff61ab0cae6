/* Letters with parts, for whoever reads, shows or saves them. */
#ifndef TESTS_LETTERS_H
#define TESTS_LETTERS_H

/* Six parts: a text in Latin 1, the same in HTML, a letter that is passed on, a picture. */
#define LETTER_OF_PARTS                                                                            \
    "From: alice@crepes.fr\r\n"                                                                    \
    "Subject: lunch\r\n"                                                                           \
    "MIME-Version: 1.0\r\n"                                                                        \
    "Content-Type: multipart/mixed; boundary=aa\r\n"                                               \
    "\r\n"                                                                                         \
    "For old programs.\r\n"                                                                        \
    "--aa\r\n"                                                                                     \
    "Content-Type: text/plain; charset=iso-8859-1\r\n"                                             \
    "Content-Transfer-Encoding: quoted-printable\r\n"                                              \
    "\r\n"                                                                                         \
    "One caf=E9, please.\r\n"                                                                      \
    "--aa\r\n"                                                                                     \
    "Content-Type: text/html; charset=utf-8\r\n"                                                   \
    "\r\n"                                                                                         \
    "<p>One caf\xc3\xa9, <img src=\"http://tracker.example/x\">\r\n"                               \
    "--aa\r\n"                                                                                     \
    "Content-Type: message/rfc822\r\n"                                                             \
    "\r\n"                                                                                         \
    "Subject: inner\r\n"                                                                           \
    "\r\n"                                                                                         \
    "inner text\r\n"                                                                               \
    "--aa\r\n"                                                                                     \
    "Content-Type: image/png\r\n"                                                                  \
    "Content-Disposition: attachment; filename*=utf-8''..%2Fcaf%C3%A9.png\r\n"                     \
    "Content-Transfer-Encoding: base64\r\n"                                                        \
    "\r\n"                                                                                         \
    "iVBORw0KGgoA\r\n"                                                                             \
    "/////w==\r\n"                                                                                 \
    "--aa--\r\n"                                                                                   \
    "And after.\r\n"

#endif
