"""How the watch asks: only FDA, only over https, only what is new, and never more than it can carry.

A server of this machine plays FDA. What goes wrong ends in a sentence.
"""

import datetime
import ssl
import time
import tracemalloc

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from urllib3 import HTTPSConnectionPool

from portal.publishing import fetching
from portal.publishing.fetching import Answer, Fault
from therapies.watch.fda_client import FdaClient

from . import fda_server as fda

LABEL = "https://api.fda.gov/drug/label.json?search=openfda.application_number:%22BLA125514%22&limit=100"
NOTICES = "https://www.fda.gov/notices"


@pytest.fixture
def client(server):
    return fda.LocalClient(server)


def fault_of(client, address=LABEL, **known) -> Fault:
    with pytest.raises(Fault) as raised:
        client.get(address, **known)
    return raised.value


# Asking ---------------------------------------------------------------------------------------------------


def test_it_says_who_asks_and_whom_fda_may_write_to(server, client, settings):
    server.moods[LABEL] = fda.holding(b"{}")
    assert client.get(LABEL) == Answer(200, b"{}")
    [(address, headers)] = server.asked
    assert address == LABEL
    assert headers["User-Agent"] == f"ImmunotherapyExplained-watch (+{settings.SITE_ADDRESS}; desk@portal.example)"
    assert "Cookie" not in headers and "Referer" not in headers


def test_what_is_known_is_not_sent_again(server, client):
    server.moods[LABEL] = fda.holding(b"{}", etag='"one"', last_modified="Sat, 28 Nov 2026 06:00:00 GMT")
    first = client.get(LABEL)
    assert first.etag == '"one"'
    assert client.get(LABEL, first.etag, first.last_modified) == Answer(304)
    assert server.asked[1][1]["If-None-Match"] == '"one"'
    assert server.asked[1][1]["If-Modified-Since"] == "Sat, 28 Nov 2026 06:00:00 GMT"


def test_what_was_packed_is_unpacked(server, client):
    server.moods[LABEL] = fda.packed(b"{}" * 1000)
    assert client.get(LABEL).content == b"{}" * 1000


def test_there_is_a_pause_before_each_question(server, monkeypatch):
    slept = []
    monkeypatch.setattr(fetching.time, "sleep", slept.append)
    client = fda.LocalClient(server, pause=30)
    client.get(LABEL), client.get(LABEL)
    assert slept[0] == 0 and 29 < slept[1] <= 30


def test_a_connection_goes_to_the_address_that_was_checked_and_asks_for_the_certificate_of_the_host():
    pool = FdaClient("desk@portal.example").pool("api.fda.gov", "23.72.1.1")
    assert isinstance(pool, HTTPSConnectionPool)
    assert (pool.host, pool.port, pool.assert_hostname) == ("23.72.1.1", 443, "api.fda.gov")
    assert pool.conn_kw["server_hostname"] == "api.fda.gov" and pool.cert_reqs == "CERT_REQUIRED"


# Where it goes, and where it does not -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "http://api.fda.gov/drug/label.json",
        "https://api.fda.gov:8443/drug/label.json",
        "https://api.fda.gov@evil.example/drug/label.json",
        "https://someone@api.fda.gov/drug/label.json",
        "https://api.fda.gov.evil.example/",
        "https://fda.gov.evil.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::1",
        "file:///etc/passwd",
        "ftp://api.fda.gov/",
        "//api.fda.gov/",
        "https:///",
    ],
)
def test_it_goes_nowhere_but_to_the_hosts_of_the_list(server, client, address):
    assert "isn’t on our list" in str(fault_of(client, address))
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.0.0.8",
            "172.16.5.4",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.1",
            "224.0.0.1",
        ),
        *("::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.8", "::"),
        *("fec0::1", "::127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::1", "ff02::1"),
    ],
)
def test_a_name_that_leads_into_a_network_is_not_followed(server, client, monkeypatch, address):
    monkeypatch.setattr(fetching, "looked_up", lambda host: ["23.72.1.1", address])  # one such is enough
    fault = fault_of(client)
    assert "isn’t a public address" in str(fault) and fault.rest is not None
    assert server.asked == []


@pytest.mark.parametrize("address", ["23.72.1.1", "2600:1408::1", "64:ff9b::1748:101"])
def test_a_public_address_is(monkeypatch, address):
    monkeypatch.setattr(fetching, "looked_up", lambda host: [address])
    assert fetching.public_address("api.fda.gov") == address


def test_a_name_that_nobody_knows_is_a_fault(client, monkeypatch):
    def unknown(host):
        raise OSError

    monkeypatch.setattr(fetching, "looked_up", unknown)
    assert str(fault_of(client)) == "The name api.fda.gov could not be looked up."


def test_a_redirect_to_what_is_no_address_is_a_fault(server, client):
    server.moods[LABEL] = fda.moved_to("https://[bad", 302)
    assert "which is no address" in str(fault_of(client))


def test_a_redirect_within_the_list_is_followed(server, client):
    server.moods[LABEL] = fda.moved_to("/drug/label2.json", 301)
    server.moods["https://api.fda.gov/drug/label2.json"] = fda.moved_to(NOTICES, 307)
    server.moods[NOTICES] = fda.holding(b"here")
    assert client.get(LABEL).content == b"here"
    assert server.addresses() == [LABEL, "https://api.fda.gov/drug/label2.json", NOTICES]


@pytest.mark.parametrize(
    "target",
    [
        "https://files.example/label.json",
        "http://127.0.0.1:8000/admin/",
        "https://127.0.0.1/",
        "http://www.fda.gov/notices",
        "//evil.example/",
        "https://169.254.169.254/latest/meta-data/",
        "https://www.fda.gov@evil.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_a_redirect_off_the_list_is_not_followed(server, client, target):
    server.moods[LABEL] = fda.moved_to(target)
    assert "isn’t on our list, so we didn’t go there" in str(fault_of(client))
    assert server.addresses() == [LABEL]


def test_a_redirect_without_end_is_left(server, client):
    server.moods[LABEL] = fda.moved_to(LABEL)
    assert "without end" in str(fault_of(client))
    assert len(server.asked) == 1 + fetching.REDIRECTS


def test_fda_s_page_for_automated_requests_is_a_wish_to_be_left_alone(server, client):
    server.moods[NOTICES] = fda.moved_to("/apology_objects/abuse-detection-apology.html")
    fault = fault_of(client, NOTICES)
    assert "turned us away" in str(fault) and fault.rest == datetime.timedelta(days=1)
    assert server.addresses() == [NOTICES]


# Faults ---------------------------------------------------------------------------------------------------


def test_a_server_that_is_asked_too_much_says_for_how_long_it_wants_rest(server, client):
    server.moods[LABEL] = fda.failing(429, Retry_After="7200")
    fault = fault_of(client)
    assert "come back later" in str(fault) and fault.rest == datetime.timedelta(hours=2)


@pytest.mark.parametrize(
    ("said", "hours"),
    [("", 0), ("soon", 0), ("-5", 0), ("999999999999", 24), ("Fri, 01 Jan 2100 00:00:00 GMT", 24), ("3600", 1)],
)
def test_a_wish_for_rest_is_a_day_at_most(said, hours):
    assert fetching.asked_to_wait(said) == datetime.timedelta(hours=hours)


@pytest.mark.parametrize(
    ("status", "said", "is_of_host"),
    [
        (500, "a problem of its own (500)", True),
        (503, "a problem of its own (503)", True),
        (403, "refused to answer us (403)", True),
        (400, "that we don’t know (400)", False),
        (206, "that we don’t know (206)", False),
        (304, "that we don’t know (304)", False),  # nobody asked whether something is new
    ],
)
def test_any_other_status_is_a_fault(server, client, status, said, is_of_host):
    server.moods[LABEL] = fda.failing(status)
    fault = fault_of(client)
    assert said in str(fault) and (fault.rest is not None) == is_of_host


def test_nothing_at_an_address_is_an_answer(client):
    assert client.get(LABEL) == Answer(404)


def test_an_answer_that_breaks_off_is_none(server, client):
    server.moods[LABEL] = fda.breaking_off(b"{}" * 10_000)
    assert str(fault_of(client)) == "The answer broke off before its end."


@pytest.mark.parametrize("mood", [fda.dripping, fda.dripping_headers])
def test_an_answer_that_drips_is_left(server, mood):
    """No byte is late, but the answer as a whole is."""
    server.moods[LABEL] = mood
    started = time.monotonic()
    fault = fault_of(fda.LocalClient(server, seconds=0.2))
    assert "so slowly" in str(fault) and fault.rest is not None
    assert time.monotonic() - started < fda.DRIPPING  # it did not wait for the end


def test_a_server_that_says_nothing_is_left_once_the_time_for_all_is_over(server):
    server.moods[LABEL] = lambda question: fetching.time.sleep(0.5)
    assert "so slowly" in str(fault_of(fda.LocalClient(server, seconds=0.1)))


def test_a_server_that_stops_answering_is_left(server, client, monkeypatch):
    server.moods[LABEL] = lambda question: fetching.time.sleep(0.5)
    monkeypatch.setattr(fetching, "TIMEOUT", 0.1)
    assert "stopped answering" in str(fault_of(client))


def test_an_answer_that_is_too_large_is_not_read(server, client):
    server.moods[LABEL] = lambda question: question.give(b"", Content_Length=str(60 << 20))
    assert "60 MB, more than the 20 MB" in str(fault_of(client))


def test_an_answer_that_grows_too_large_is_left(server, client):
    server.moods[LABEL] = fda.flooding
    assert "more than the 20 MB" in str(fault_of(client))


def test_a_packed_answer_does_not_fill_the_memory(server, client):
    server.moods[LABEL] = fda.bomb
    tracemalloc.start()
    assert "more than the 20 MB" in str(fault_of(client))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60 << 20


def test_what_only_claims_to_be_packed_is_a_fault(server, client):
    server.moods[LABEL] = lambda question: question.give(b"no gzip at all", Content_Encoding="gzip")
    assert str(fault_of(client)) == "The answer could not be unpacked."


def test_no_connection_is_a_fault(server, client):
    server.shutdown()
    server.server_close()
    fault = fault_of(client)
    assert str(fault) == "There was no connection to api.fda.gov." and fault.rest is not None


# Certificates -----------------------------------------------------------------------------------------------


class TlsClient(fda.LocalClient):
    """The pool that is used for FDA, led to a port of this machine, which trusts one more authority."""

    def __init__(self, server, authority):
        super().__init__(server)
        self.authority = authority

    def pool(self, host, ip):
        pool = FdaClient.pool(self, host, "127.0.0.1")
        pool.port, pool.ca_certs = self.port, str(self.authority)
        return pool


def certificate(folder, name):
    """A certificate of its own authority, for one host."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*pem))
    return path


@pytest.mark.parametrize(
    ("name", "is_trusted", "is_read"),
    [
        ("api.fda.gov", True, True),
        ("www.fda.gov", True, False),
        ("api.fda.gov", False, False),
    ],
)
def test_an_answer_is_read_only_under_the_certificate_of_the_host(server, tmp_path, name, is_trusted, is_read):
    path = certificate(tmp_path, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.moods[LABEL] = fda.holding(b"{}")
    client = TlsClient(server, path if is_trusted else certificate(tmp_path, "other.example"))
    if is_read:
        assert client.get(LABEL).content == b"{}"
    else:
        assert str(fault_of(client)) == "The server could not prove that it is api.fda.gov."
        assert server.asked == []
