using Gain.Testing;

namespace Gain.Tests.Testing;

/// <summary>Handlers on a TestServer: bytes, time, ends and limits.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class TestServerTests
{
    [Test]
    public void What_a_peer_sends_is_answered_when_the_call_returns()
    {
        var notes = new List<string>();
        using TestServer server = TestServer.Start(new Scripted(notes));
        TestPeer one = server.Connect();
        TestPeer two = server.Connect();
        one.Send("ab"u8);
        two.Send("c"u8);
        one.Send("d"u8);
        Assert.That(one.ReceivedText, Is.EqualTo("abd"));
        Assert.That(two.ReceivedText, Is.EqualTo("c"));
        Assert.That(notes.Skip(2), Is.EqualTo(["read 2", "read 1", "read 1"]));
        one.ClearReceived();
        one.Send("e"u8);
        Assert.That(one.ReceivedText, Is.EqualTo("e"));
        Assert.That(server.Peers, Is.EqualTo([one, two]));
        Assert.That(server.Statistics.BytesIn, Is.EqualTo(5));
    }

    [Test]
    public void A_piece_larger_than_a_buffer_and_all_buffers_arrives_whole()
    {
        var options = new GainOptions();
        options.Buffers.ReceiveBufferBytes = 1_024;
        options.Buffers.ReceiveBufferCount = 2;
        var notes = new List<string>();
        using TestServer server = TestServer.Start(new Scripted(notes), options);
        TestPeer peer = server.Connect();
        byte[] piece = new byte[10_000];
        Array.Fill(piece, (byte)'x');
        peer.Send(piece);
        Assert.That(peer.Received.SequenceEqual(piece));
        Assert.That(notes, Has.Some.EqualTo("read 1024"));
        Assert.That(server.Statistics.Starvations, Is.Positive);
    }

    [Test]
    public void Time_passes_in_Advance_alone_and_timers_come_at_their_moment()
    {
        var notes = new List<string>();
        using TestServer server = TestServer.Start(new Scripted(notes));
        TestPeer peer = server.Connect();
        peer.Send("@"u8);
        server.Advance(TimeSpan.FromMilliseconds(1_499));
        Assert.That(peer.ReceivedText, Is.Empty);
        server.Advance(TimeSpan.FromMilliseconds(40));
        Assert.That(peer.ReceivedText, Is.EqualTo("t"));
        Assert.That(server.Now, Is.EqualTo(TimeSpan.FromMilliseconds(1_539)));
        server.Advance(TimeSpan.FromDays(300));
        Assert.That(peer.ReceivedText, Is.EqualTo("t"));
    }

    [Test]
    public void A_deadline_ends_a_connection_on_virtual_time()
    {
        var options = new GainOptions();
        options.Timeouts.Idle = TimeSpan.FromHours(2);
        using TestServer server = TestServer.Start(new Scripted([]), options);
        TestPeer peer = server.Connect();
        peer.Send("a"u8);
        server.Advance(TimeSpan.FromMinutes(119));
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.None));
        server.Advance(TimeSpan.FromMinutes(2));
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.IdleTimeout));
        Assert.That(peer.HasSeenEnd);
    }

    [Test]
    public void A_peers_FIN_is_seen_and_what_is_written_then_is_received()
    {
        var notes = new List<string>();
        using TestServer server = TestServer.Start(new Scripted(notes));
        TestPeer peer = server.Connect();
        peer.Send("a"u8);
        peer.Close();
        peer.Close();
        Assert.That(notes.Skip(1), Is.EqualTo(["read 1", "read closed"]));
        Assert.That(peer.ReceivedText, Is.EqualTo("af"));
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.None), "the handler has to close it");
        Assert.That(() => peer.Send("b"u8), Throws.InvalidOperationException.With.Message.Contains("Close"));
    }

    [Test]
    public void A_close_of_the_handlers_is_seen_by_its_peer()
    {
        using TestServer server = TestServer.Start(new Scripted([]));
        TestPeer peer = server.Connect();
        peer.Send("ab."u8);
        Assert.That(peer.ReceivedText, Is.EqualTo("ab"));
        Assert.That(peer.HasSeenEnd);
        Assert.That(peer.WasReset, Is.False);
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.Local));
        Assert.That(peer.IsClosed, Is.False, "it lingers until the peer's FIN");
        peer.Close();
        Assert.That(peer.IsClosed);
        Assert.That(() => peer.Handle, Throws.InvalidOperationException);
    }

    [Test]
    public void A_reset_ends_the_connection_in_whatever_it_was()
    {
        var notes = new List<string>();
        using TestServer server = TestServer.Start(new Scripted(notes));
        TestPeer peer = server.Connect();
        peer.StopReading();
        peer.Send("#"u8);
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.None));
        peer.Reset();
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.Reset));
        Assert.That(notes[^1], Is.EqualTo("close Reset"));
        Assert.That(peer.IsClosed);
        Assert.That(peer.Fault, Is.Null);
    }

    [Test]
    public void What_a_handler_throws_can_be_asked_for()
    {
        using TestServer server = TestServer.Start(new Scripted([]));
        TestPeer peer = server.Connect();
        peer.Send("a!b"u8);
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.HandlerFault));
        Assert.That(peer.Fault, Is.InstanceOf<InvalidOperationException>());
        Assert.That(peer.Fault!.Message, Is.EqualTo("as asked"));
        Assert.That(peer.WasReset);
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1));
    }

    [Test]
    public void A_slow_reader_holds_back_what_the_network_does_not_take()
    {
        using TestServer server = TestServer.Start(new Scripted([]));
        TestPeer peer = server.Connect();
        peer.WindowBytes = 1_000;
        peer.StopReading();
        peer.Send("#"u8);
        Assert.That(server.Statistics.BytesOut, Is.LessThanOrEqualTo(1_000));
        Assert.That(peer.Received.Length, Is.Zero);
        Assert.That(peer.Read(2_500), Is.EqualTo(2_500));
        Assert.That(peer.Received.Length, Is.EqualTo(2_500));
        peer.StartReading();
        Assert.That(peer.Received.Length, Is.EqualTo(Scripted.MuchBytes));
        Assert.That(server.Statistics.BytesOut, Is.EqualTo(Scripted.MuchBytes));
    }

    [Test]
    public void What_is_not_read_stays_with_the_peer()
    {
        using TestServer server = TestServer.Start(new Scripted([]));
        TestPeer peer = server.Connect();
        peer.Send("@|"u8);
        peer.Send("abc"u8);
        peer.Send("def"u8);
        Assert.That(peer.UnreadBytes, Is.Positive);
        server.Advance(TimeSpan.FromSeconds(2));
        Assert.That(peer.UnreadBytes, Is.Zero);
        Assert.That(peer.ReceivedText, Is.EqualTo("tabcdef"));
    }

    [Test]
    public void A_limit_keeps_a_peer_out()
    {
        var options = new GainOptions();
        options.Limits.MaxConnections = 1;
        options.Accepting.AtConnectionLimit = ConnectionLimitPolicy.Refuse;
        using TestServer server = TestServer.Start(new Scripted([]), options);
        TestPeer first = server.Connect();
        TestPeer second = server.Connect();
        Assert.That(second.IsClosed);
        Assert.That(second.CloseReason, Is.EqualTo(CloseReason.None));
        second.Send("lost"u8);
        Assert.That(second.WasReset);
        Assert.That(first.IsClosed, Is.False);
        Assert.That(server.Statistics.RefusedByLimit, Is.EqualTo(1));
    }

    [Test]
    public void A_post_by_a_handle_arrives_with_the_next_run()
    {
        using TestServer server = TestServer.Start(new Scripted([]));
        TestPeer peer = server.Connect();
        Assert.That(peer.Handle.TrySend("posted"u8));
        Assert.That(peer.Received.Length, Is.Zero);
        server.Run();
        Assert.That(peer.ReceivedText, Is.EqualTo("posted"));
    }

    [Test]
    public void A_stop_waits_for_what_is_to_be_sent_up_to_its_deadline()
    {
        using TestServer server = TestServer.Start(new Scripted([]));
        TestPeer slow = server.Connect();
        TestPeer quick = server.Connect();
        slow.StopReading();
        slow.Send("#"u8);
        server.Stop(TimeSpan.FromSeconds(30));
        Assert.That(quick.CloseReason, Is.EqualTo(CloseReason.ServerStopped));
        Assert.That(slow.CloseReason, Is.EqualTo(CloseReason.None));
        Assert.That(() => server.Connect(), Throws.InvalidOperationException);
        quick.Close();
        server.Advance(TimeSpan.FromSeconds(29));
        Assert.That(server.HasStopped, Is.False);
        server.Advance(TimeSpan.FromSeconds(2));
        Assert.That(server.HasStopped);
        Assert.That(slow.WasReset);
    }

    [Test]
    public void Disposing_ends_all_connections_and_twice_is_no_more()
    {
        var notes = new List<string>();
        TestServer server = TestServer.Start(new Scripted(notes));
        TestPeer peer = server.Connect();
        server.Dispose();
        server.Dispose();
        Assert.That(notes[^1], Does.StartWith("close "));
        Assert.That(peer.IsClosed);
        Assert.That(server.HasStopped);
        Assert.That(server.Statistics.Closed, Is.EqualTo(1));
    }

    [Test]
    public void A_handler_that_never_rests_is_told()
    {
        using TestServer server = TestServer.Start(new Restless());
        TestPeer peer = server.Connect();
        Assert.That(
            () => peer.Send("x"u8),
            Throws.InvalidOperationException.With.Message.Contains("does the handler answer itself"));
        Assert.That(server.HasStopped);
        Assert.That(peer.IsClosed);
    }

    [Test]
    public void Options_of_threads_do_not_touch_the_tests_thread()
    {
        var options = new GainOptions { WorkerCount = 4, NiceValue = 7, CpuAffinity = true };
        string before = StatusOfThread();
        using TestServer server = TestServer.Start(new Echoing(), options);
        TestPeer peer = server.Connect();
        peer.Send("x"u8);
        Assert.That(peer.ReceivedText, Is.EqualTo("x"));
        Assert.That(StatusOfThread(), Is.EqualTo(before));

        // The nice value, and the CPUs that it may run on.
        static string StatusOfThread() =>
            File.ReadAllText("/proc/thread-self/stat").Split(')')[1].Split(' ')[17]
            + File.ReadAllLines("/proc/thread-self/status")
                .Single(static line => line.StartsWith("Cpus_allowed:", StringComparison.Ordinal));
    }

    [Test]
    public void A_start_that_fails_leaves_nothing_behind()
    {
        var options = new GainOptions();
        options.PerWorker<Failing>(static _ => throw new InvalidDataException("no file"));
        SynchronizationContext? before = SynchronizationContext.Current;
        Assert.That(
            () => TestServer.Start(new FailingUser(), options),
            Throws.Exception.With.Message.Contains("no file").Or.InnerException.Message.Contains("no file"));
        Assert.That(SynchronizationContext.Current, Is.SameAs(before));
    }

    [Test]
    public void A_thousand_messages_through_a_server_allocate_nothing()
    {
        using TestServer server = TestServer.Start(new Echoing());
        TestPeer peer = server.Connect();
        AllocationAssert.Zero(() =>
        {
            peer.Send("hello"u8);
            peer.ClearReceived();
        });
        Assert.That(server.Statistics.BytesOut, Is.GreaterThanOrEqualTo(5 * 256));
    }

    [Test]
    public void What_a_callback_allocates_is_found()
    {
        using TestServer server = TestServer.Start(new Scripted(new List<string>(1_000_000)));
        TestPeer peer = server.Connect();
        Assert.That(
            () => AllocationAssert.Zero(() =>
            {
                peer.Send("hello"u8);
                peer.ClearReceived();
            }),
            Throws.InstanceOf<AllocationException>().With.Message.Contains("System.String"));
    }

    [Test]
    public void A_callback_that_uses_its_peer_is_told()
    {
        TestPeer? self = null;
        using TestServer server = TestServer.Start(new SelfUser(() => self!));
        self = server.Connect();
        self.Send("a"u8);
        Assert.That(self.Fault?.Message, Does.StartWith("A callback or a session of a TestServer"));
    }

    [Test]
    public void A_protocol_for_datagrams_alone_is_refused() => Assert.That(
        () => TestServer.Start(new DatagramsOnly()),
        Throws.InstanceOf<GainException>().With.Message.Contains("OnDatagram"));

    [Test]
    public void More_connections_than_it_holds_are_the_tests_mistake()
    {
        using TestServer server = TestServer.Start(new Echoing());
        for (int i = 0; i < TestServer.MaxConnections; i++)
        {
            server.Connect();
        }

        Assert.That(
            () => server.Connect(), Throws.InvalidOperationException.With.Message.Contains("MaxConnections"));
        server.Peers[0].Reset();
        server.Connect().Send("x"u8);
        Assert.That(server.Peers[^1].ReceivedText, Is.EqualTo("x"));
    }
}

/// <summary>Echoes.</summary>
[GainProtocol]
internal partial struct Echoing
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}

/// <summary>Sends whenever something was sent.</summary>
[GainProtocol]
internal partial struct Restless
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private static void OnWrite(Connection connection, int bytes) => connection.Send("x"u8);
}

/// <summary>What cannot be made.</summary>
[PerWorker]
internal sealed class Failing;

/// <summary>Needs it, in a session.</summary>
[GainProtocol]
internal partial struct FailingUser
{
    private static async Session OnSession(SessionContext s, Failing failing)
    {
        _ = failing;
        await s.Read();
    }
}
