namespace Gain.Tls.Tests;

/// <summary>How sessions end.</summary>
public class CloseTests
{
    [Test]
    public void Input_that_ends_without_close_notify_is_truncated_and_not_a_clean_end()
    {
        using Pair pair = new Pair().Connect();
        pair.Client.Send("the first half");
        pair.Pump();
        Assert.That(pair.Server.Session.EndOfInput(), Is.EqualTo(TlsStatus.Failed));
        Assert.That(pair.Server.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Truncated));
    }

    [Test]
    public void Input_that_ends_in_the_handshake_is_truncated()
    {
        using var pair = new Pair();
        pair.Client.Receive();
        pair.Server.Receive(pair.Client.Sent.Bytes[..20]);
        Assert.That(pair.Server.Session.EndOfInput(), Is.EqualTo(TlsStatus.Failed));
        Assert.That(pair.Server.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Truncated));
    }

    [TestCase(TlsVersion.Tls12)]
    [TestCase(TlsVersion.Tls13)]
    public void Input_that_ends_with_close_notify_is_a_clean_end(TlsVersion version)
    {
        using Pair pair = new Pair(RecordTests.Only(Pair.ServerOptions(), version)).Connect();
        pair.Client.Send("all");
        pair.Client.Close();
        pair.Pump();
        Assert.That(pair.Server.Status, Is.EqualTo(TlsStatus.Closed));
        Assert.That(pair.Server.ReceivedText, Is.EqualTo("all"));
        Assert.That(pair.Server.Session.EndOfInput(), Is.EqualTo(TlsStatus.Closed));
    }

    [Test]
    public void After_the_peer_has_closed_an_answer_still_goes_out()
    {
        using Pair pair = new Pair().Connect();
        pair.Client.Send("question");
        pair.Client.Close();
        pair.Pump();
        Assert.That(pair.Server.Send("answer"), Is.EqualTo(TlsStatus.Written));
        pair.Server.Close();
        pair.Pump();
        Assert.That(pair.Client.ReceivedText, Is.EqualTo("answer"));
        Assert.That(pair.Client.Status, Is.EqualTo(TlsStatus.Closed));
    }

    [Test]
    public void After_closing_what_the_peer_still_sends_is_received()
    {
        using Pair pair = new Pair().Connect();
        pair.Server.Close();
        pair.Client.Send("late");
        pair.Pump();
        Assert.That(pair.Server.ReceivedText, Is.EqualTo("late"));
        Assert.That(() => pair.Server.Send("more"), Throws.InvalidOperationException);
    }

    [Test]
    public void Close_notify_is_sent_once()
    {
        using Pair pair = new Pair().Connect();
        pair.Server.Close();
        int count = pair.Server.Sent.Count;
        pair.Server.Close();
        Assert.That(pair.Server.Sent.Count, Is.EqualTo(count).And.GreaterThan(0));
    }

    [Test]
    public void After_a_fault_an_alert_is_sent_and_nothing_more()
    {
        using Pair pair = new Pair().Connect();
        pair.Client.Send("data");
        byte[] record = pair.Client.Sent.TakeAll();
        record[^1] ^= 1;
        pair.Server.Receive(record);
        Assert.That(pair.Server.Status, Is.EqualTo(TlsStatus.Failed));
        Assert.That(pair.Server.Session.Failure.AlertSent, Is.EqualTo(20), "bad_record_mac");
        int count = pair.Server.Sent.Count;
        pair.Server.Close();
        Assert.That(pair.Server.Sent.Count, Is.EqualTo(count).And.GreaterThan(0));
        pair.Pump();
        Assert.That(pair.Client.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.AlertReceived));
        Assert.That(pair.Client.Session.Failure.AlertReceived, Is.EqualTo(20));
    }

    [Test]
    public void The_fault_of_one_session_does_not_end_another_of_the_thread()
    {
        using Pair bad = new Pair().Connect();
        using Pair good = new Pair().Connect();
        OpenSsl.LibCrypto.ERR_clear_error();
        bad.Server.Receive(new byte[100]);
        Assert.That(bad.Server.Status, Is.EqualTo(TlsStatus.Failed));

        // An error that something else of the thread has left behind must not be taken for the session's.
        Assert.That(() => TlsCertificate.FromPem("none", "none"), Throws.TypeOf<TlsException>());
        LeaveAnError();
        Assert.That(OpenSsl.LibCrypto.ERR_peek_error(), Is.Not.Zero);
        good.Client.Send("still here");
        good.Pump();
        Assert.That(good.Server.ReceivedText, Is.EqualTo("still here"), good.Faults());
    }

    [Test]
    public void A_client_that_writes_and_closes_without_reading_loses_nothing()
    {
        using var pair = new Pair();
        pair.Client.Receive();
        pair.Server.Receive(pair.Client.Sent.TakeAll());
        pair.Client.Receive(pair.Server.Sent.TakeAll());
        pair.Client.Send("hello");
        pair.Client.Close();
        pair.Server.Receive(pair.Client.Sent.TakeAll());
        Assert.That(pair.Server.Session.EndOfInput(), Is.EqualTo(TlsStatus.Closed));
        Assert.That(pair.Server.ReceivedText, Is.EqualTo("hello"));
        Assert.That(pair.Server.Sent.Count, Is.GreaterThan(0), "the tickets were sent");
    }

    [Test]
    public void Ending_twice_frees_once_and_a_session_starts_again()
    {
        using TlsContext context = TlsContext.ForServer(Pair.ServerOptions());
        var window = new TlsWindow();
        var session = new TlsSession();
        session.Start(context, window);
        Assert.That(() => session.Start(context, window), Throws.InvalidOperationException);
        session.End();
        session.End();
        Assert.That(window.Sessions, Is.Zero);
        session.Start(context, window);
        Assert.That(window.Sessions, Is.EqualTo(1));
        window.Dispose();
        session.End();
    }

    private static unsafe void LeaveAnError()
    {
        byte* rubbish = stackalloc byte[4];
        byte* at = rubbish;
        OpenSsl.LibCrypto.d2i_X509(null, &at, 4);
    }
}
