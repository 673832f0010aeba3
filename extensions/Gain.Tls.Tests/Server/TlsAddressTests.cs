using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Addresses and options that do not fit each other.</summary>
public class TlsAddressTests
{
    [Test]
    public void An_address_without_options_says_what_to_add()
    {
        GainException fault = Assert.Throws<GainException>(
            () => GainServer.Start(new Lines(), "tls://127.0.0.1:0"))!;
        Assert.That(fault.Message, Does.Contain("tls://127.0.0.1:0").And.Contain(".UseTls("));
    }

    [Test]
    public void Options_without_an_address_say_what_to_write()
    {
        GainException fault = Assert.Throws<GainException>(() => GainServer
            .Listen(new Lines(), "tcp://127.0.0.1:0")
            .UseTls(new TlsServerOptions { Certificate = Certificates.For(Pair.Host) }))!;
        Assert.That(fault.Message, Does.Contain("tcp://127.0.0.1:0").And.Contain("tls://host:port"));
    }

    [Test]
    public void Options_that_cannot_be_used_leave_nothing_open()
    {
        TlsException fault = Assert.Throws<TlsException>(() => GainServer
            .Listen(new Lines(), "tls://127.0.0.1:0").UseTls(new TlsServerOptions()).Start())!;
        Assert.That(fault.Message, Does.Contain("Certificate"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(86_400_001)]
    public void A_deadline_that_is_none_is_refused(long milliseconds)
    {
        var options = new TlsServerOptions { HandshakeTimeout = TimeSpan.FromMilliseconds(milliseconds) };
        TlsException fault = Assert.Throws<TlsException>(
            () => GainServer.Listen(new Lines(), "tls://127.0.0.1:0").UseTls(options))!;
        Assert.That(fault.Message, Does.Contain("HandshakeTimeout"));
    }

    [TestCase(0)]
    [TestCase(65_537)]
    public void A_number_of_handshakes_that_is_out_of_range_is_refused(int count)
    {
        var options = new TlsServerOptions { MaxHandshakesPerTurn = count };
        TlsException fault = Assert.Throws<TlsException>(
            () => GainServer.Listen(new Lines(), "tls://127.0.0.1:0").UseTls(options))!;
        Assert.That(fault.Message, Does.Contain("MaxHandshakesPerTurn"));
    }

    [TestCase(0)]
    [TestCase(1_048_577)]
    public void A_bound_on_handshakes_that_is_out_of_range_is_refused(int count)
    {
        var options = new TlsServerOptions { MaxHandshakes = count };
        TlsException fault = Assert.Throws<TlsException>(
            () => GainServer.Listen(new Lines(), "tls://127.0.0.1:0").UseTls(options))!;
        Assert.That(fault.Message, Does.Contain($"MaxHandshakes cannot be used: it is {count}"));
        Assert.Throws<TlsException>(options.Apply);
    }

    [TestCase(9)]
    [TestCase(86_400_001)]
    public void An_interval_of_reloads_that_is_out_of_range_is_refused(long milliseconds)
    {
        var options = new TlsServerOptions { ReloadInterval = TimeSpan.FromMilliseconds(milliseconds) };
        TlsException fault = Assert.Throws<TlsException>(
            () => GainServer.Listen(new Lines(), "tls://127.0.0.1:0").UseTls(options))!;
        Assert.That(fault.Message, Does.Contain("ReloadInterval"));
    }
}
