#include "dialogue/fact.h"

#include "base/mem.h"

void inside_init(struct inside *in)
{
    *in = (struct inside){ 0 };
}

static void forget(char **text)
{
    mem_free(*text);
    *text = NULL;
}

static void keep(char **text, struct span s)
{
    mem_free(*text);
    *text = mem_strndup(s.at, s.len);
}

static void forget_recipients(struct inside *in)
{
    for (unsigned i = 0; i < in->to_count; i++)
        forget(&in->to[i]);
    in->to_count = 0;
}

static void forget_transaction(struct inside *in)
{
    forget(&in->from);
    forget_recipients(in);
    in->transaction = in->letter = false;
    in->octets = in->header_lines = in->body_lines = 0;
}

void inside_release(struct inside *in)
{
    forget_transaction(in);
    forget(&in->host);
    forget(&in->waits);
    forget(&in->greeted);
    forget(&in->decided);
    forget(&in->closed);
    for (unsigned i = 0; i < in->mailbox_count; i++)
        forget(&in->mailboxes[i].name);
    in->mailbox_count = 0;
}

static void set_mailbox(struct inside *in, struct span name, uint64_t letters)
{
    unsigned i = 0;

    while (i < in->mailbox_count && !span_eq(span_of(in->mailboxes[i].name), name))
        i++;
    if (i == INSIDE_MAILBOXES_MAX)
        return;
    if (i == in->mailbox_count) {
        in->mailboxes[i].name = mem_strndup(name.at, name.len);
        in->mailbox_count++;
    }
    in->mailboxes[i].letters = letters;
}

void inside_add(struct inside *in, const struct fact *f)
{
    switch (f->kind) {
    case FACT_OPENED:
        keep(&in->host, f->text);
        break;
    case FACT_WAITS:
        keep(&in->waits, f->text);
        break;
    case FACT_GREETED:
        keep(&in->greeted, f->text);
        in->esmtp = f->number != 0;
        break;
    case FACT_FROM:
        forget_transaction(in);
        keep(&in->from, f->text);
        in->transaction = true;
        break;
    case FACT_TO:
        if (in->to_count < INSIDE_RECIPIENTS_MAX)
            in->to[in->to_count++] = mem_strndup(f->text.at, f->text.len);
        break;
    case FACT_BODY:
        in->letter = true;
        in->octets = f->number;
        in->header_lines = f->header_lines;
        in->body_lines = f->body_lines;
        break;
    case FACT_CLEARED:
        forget_transaction(in);
        break;
    case FACT_DECIDED:
        keep(&in->decided, f->text);
        in->decided_code = (unsigned)f->number;
        break;
    case FACT_STORED:
    case FACT_MAILBOX:
        set_mailbox(in, f->text, f->number);
        break;
    case FACT_CLOSED:
        forget_transaction(in);
        forget(&in->waits);
        keep(&in->closed, f->text);
        break;
    case FACT_LOGIN:
    case FACT_ENCRYPTED:
    case FACT_INJECTED:
    case FACT_NOTED:
    case FACT_FAULT:
    case FACT_KIND_COUNT:
        break;
    }
}
