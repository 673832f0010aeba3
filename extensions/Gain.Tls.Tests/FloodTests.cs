using System.Text;

namespace Gain.Tls.Tests;

/// <summary>What a peer sends to make work.</summary>
public class FloodTests
{
    [Test]
    public void KeyUpdates_up_to_the_limit_are_answered_and_one_more_ends_the_session()
    {
        using Pair pair = new Pair().Connect();
        for (int i = 0; i < TlsSession.MaxUnproductiveMessages; i++)
        {
            Assert.That(pair.Client.UpdateKeys(), Is.True);
        }

        pair.Pump();
        Assert.That(pair.Server.Status, Is.EqualTo(TlsStatus.NeedsInput), pair.Faults());
        pair.Client.Send("data");
        pair.Pump();
        Assert.That(pair.Server.ReceivedText, Is.EqualTo("data"), pair.Faults());
        for (int i = 0; i <= TlsSession.MaxUnproductiveMessages; i++)
        {
            pair.Client.UpdateKeys();
        }

        pair.Server.Receive(pair.Client.Sent.TakeAll());
        Assert.That(pair.Server.Status, Is.EqualTo(TlsStatus.Failed));
        Assert.That(pair.Server.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Flood));
    }

    [Test]
    public void Both_ends_update_their_keys_and_data_goes_on()
    {
        using Pair pair = new Pair().Connect();
        for (int i = 0; i < 5; i++)
        {
            pair.Client.UpdateKeys();
            pair.Server.UpdateKeys();
            pair.Client.Send("a");
            pair.Server.Send("b");
            pair.Pump();
        }

        Assert.That((pair.Server.ReceivedText, pair.Client.ReceivedText), Is.EqualTo(("aaaaa", "bbbbb")));
    }

    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\r\n", TlsFailureKind.PlainHttp)]
    [TestCase("SSH-2.0-OpenSSH_9.2\r\n", TlsFailureKind.Protocol)]
    [TestCase("\u0016\u0003\u0001\0\u0004\u0001\0\0\0", TlsFailureKind.Protocol)]
    [TestCase("\0\0\0\0\0\0\0\0", TlsFailureKind.Protocol)]
    public void What_is_not_TLS_gets_an_alert_and_the_end(string text, object kind)
    {
        using TlsContext context = TlsContext.ForServer(Pair.ServerOptions());
        using var server = new Peer(context);
        server.Receive(Encoding.Latin1.GetBytes(text));
        Assert.That(server.Status, Is.EqualTo(TlsStatus.Failed));
        Assert.That(server.Session.Failure.Kind, Is.EqualTo(kind), server.Session.Failure.Describe());
        byte[] sent = server.Sent.TakeAll();
        Assert.That(sent, Has.Length.EqualTo(7));
        Assert.That((sent[0], sent[5]), Is.EqualTo(((byte)21, (byte)2)), "a fatal alert");
        Assert.That(server.Session.Failure.AlertSent, Is.EqualTo(sent[6]));
    }

    [Test]
    public void Noise_ends_a_session_whatever_it_is()
    {
        using TlsContext context = TlsContext.ForServer(Pair.ServerOptions());
        using var window = new TlsWindow();
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            using var server = new Peer(context, window: window);
            var noise = new byte[random.Next(1, 400)];
            random.NextBytes(noise);
            server.Receive(noise);
            if (server.Status != TlsStatus.Failed)
            {
                Assert.That(server.Status, Is.EqualTo(TlsStatus.NeedsInput), $"seed {seed}");
                Assert.That(server.Session.EndOfInput(), Is.EqualTo(TlsStatus.Failed), $"seed {seed}");
            }
        }

        Assert.That(window.Sessions, Is.Zero);
    }
}
