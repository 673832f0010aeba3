namespace Gain.Tests.Server;

/// <summary>What is no connection says so, whatever is asked of it.</summary>
public class DefaultValueTests
{
    [Test]
    public void Default_connection_is_refused_with_a_reason_by_every_member()
    {
        Refused(() => default(Connection).Send("x"u8));
        Refused(() => _ = default(Connection).TrySend("x"u8));
        Refused(() => default(Connection).SendStatic("x"u8));
        Refused(() => default(Connection).GetSpan());
        Refused(() => default(Connection).Advance(1));
        Refused(() => default(Connection).Close());
        Refused(() => default(Connection).Abort());
        Refused(() => default(Connection).PauseReading());
        Refused(() => default(Connection).ResumeReading());
        Refused(() => default(Connection).SetTimer(TimeSpan.Zero));
        Refused(() => default(Connection).CancelTimer());
        Refused(() => _ = default(Connection).Handle);
        Refused(() => _ = default(Connection).NowMs);
        Refused(() => _ = default(Connection).OutboundBytes);
        Refused(() => _ = default(Connection).IsClosing);
        Refused(() => _ = default(Connection).IsCongested);
        Refused(() => _ = default(Connection).IsReadingPaused);
        Refused(() => _ = default(Connection).HasTimer);
        Refused(() => _ = default(Connection).Fault);
        Refused(() => _ = default(Connection).Descriptor);
        Refused(() => _ = default(Connection).RemoteAddress);
        Refused(() => _ = default(Connection).LocalAddress);
        Refused(() => _ = default(Connection).WorkerIndex);
        Refused(() => _ = default(Connection).ListenerIndex);
    }

    [Test]
    public void Default_datagram_is_refused_with_a_reason_by_every_member()
    {
        Refused(() => default(Datagram).Reply("x"u8));
        Refused(() => _ = default(Datagram).TryReply("x"u8));
        Refused(() => default(Datagram).SendTo(default, "x"u8));
        Refused(() => _ = default(Datagram).TrySendTo(default, "x"u8));
        Refused(() => _ = default(Datagram).RemoteAddress);
        Refused(() => _ = default(Datagram).LocalAddress);
        Refused(() => _ = default(Datagram).RemotePath);
        Refused(() => _ = default(Datagram).IsTruncated);
        Refused(() => _ = default(Datagram).WorkerIndex);
        Refused(() => _ = default(Datagram).ListenerIndex);
        Refused(() => _ = default(Datagram).NowMs);
        Refused(() => _ = default(Datagram).Descriptor);
        Refused(() => _ = default(Datagram).Handle);
    }

    [Test]
    public void Default_handles_say_that_nothing_was_done()
    {
        Assert.That(default(ConnectionHandle).TryClose(), Is.False);
        Assert.That(default(ConnectionHandle).TryAbort(), Is.False);
        Assert.That(default(ConnectionHandle).TryResumeReading(), Is.False);
        Assert.That(default(ConnectionHandle).TrySend("x"u8), Is.False);
        Assert.That(default(ConnectionHandle).TryPost(1), Is.False);
        Assert.That(default(DatagramHandle).TrySendTo(default(GainAddress), "x"u8), Is.False);
    }

    private static void Refused(TestDelegate use) => Assert.That(
        use, Throws.InvalidOperationException.With.Message.Contains("is the default value, and no "));
}
