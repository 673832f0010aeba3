using Gain.Testing;
using Gain.Writing;

namespace Gain.Tests.Testing;

/// <summary>Sessions on a TestServer: what they await, and who completes it.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class SessionHarnessTests
{
    [Test]
    public void A_dialogue_goes_on_piece_by_piece()
    {
        using TestServer server = TestServer.Start(new LineAdder());
        TestPeer peer = server.Connect();
        peer.Send("1\n2"u8);
        Assert.That(peer.ReceivedText, Is.EqualTo("1\n"));
        peer.Send("0\n"u8);
        Assert.That(peer.ReceivedText, Is.EqualTo("1\n21\n"));
        peer.Close();
        Assert.That(peer.ReceivedText, Is.EqualTo("1\n21\nbye\n"));
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.PeerClosed));
        Assert.That(peer.HasSeenEnd);
    }

    [Test]
    public void A_delay_passes_on_virtual_time()
    {
        using TestServer server = TestServer.Start(new LineAdder());
        TestPeer peer = server.Connect();
        peer.Send("x\n5\n"u8);
        Assert.That(peer.ReceivedText, Is.EqualTo("wait\n"));
        server.Advance(TimeSpan.FromMilliseconds(999));
        Assert.That(peer.ReceivedText, Is.EqualTo("wait\n"));
        server.Advance(TimeSpan.FromMilliseconds(40));
        Assert.That(peer.ReceivedText, Is.EqualTo("wait\n5\n"));
    }

    [Test]
    public void A_message_that_the_test_posts_waits_for_the_session_that_waits_for_it()
    {
        using TestServer server = TestServer.Start(new Priced());
        TestPeer peer = server.Connect();
        Assert.That(peer.Handle.TryPost(1) && peer.Handle.TryPost(2));
        server.Run();
        Assert.That(peer.ReceivedText, Is.Empty, "the session delays");
        server.Advance(TimeSpan.FromSeconds(1.1));
        Assert.That(peer.ReceivedText, Is.EqualTo("1\n2\n"));
        Assert.That(peer.Handle.TryPost(3));
        server.Run();
        server.Stop();
        Assert.That(peer.ReceivedText, Is.EqualTo("1\n2\n3\nbye\n"));
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.ServerStopped));
    }

    [Test]
    public void One_message_more_than_may_wait_resets_the_peer()
    {
        using TestServer server = TestServer.Start(
            new Priced(), new GainOptions { Limits = { MaxMessagesWaiting = 2 } });
        TestPeer peer = server.Connect();
        for (int i = 0; i < 3; i++)
        {
            Assert.That(peer.Handle.TryPost(i));
        }

        server.Run();
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.InboxLimit));
        Assert.That(peer.WasReset);
    }

    [Test]
    public void A_task_of_the_tests_is_awaited_until_the_test_completes_it()
    {
        var answer = new TaskCompletionSource<string>();
        using TestServer server = TestServer.Start(new Waiting(() => answer.Task));
        TestPeer peer = server.Connect();
        peer.Send("a"u8);
        peer.Close();
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.None), "a session that is away is waited for");
        answer.SetResult("late");
        Assert.That(peer.Received.Length, Is.Zero, "nothing runs by itself");
        server.Run();
        Assert.That(peer.ReceivedText, Is.EqualTo("late"));
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.PeerClosed));
    }

    [Test]
    public void Work_of_other_threads_is_waited_for_in_real_time()
    {
        using TestServer server = TestServer.Start(new Waiting(() => Task.Run(static () => "pooled")));
        TestPeer peer = server.Connect();
        peer.Send("a"u8);
        server.RunUntilAnswered();
        Assert.That(peer.ReceivedText, Is.EqualTo("pooled"));
        peer.ClearReceived();
        peer.Send("w"u8);
        server.RunUntil(() => peer.Received.Length > 0);
        Assert.That(peer.ReceivedText, Does.StartWith("on "));
        Assert.That(peer.ReceivedText, Is.Not.EqualTo($"on {Environment.CurrentManagedThreadId}"));
        Assert.That(server.Now, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void A_worker_that_waits_already_is_woken_by_what_comes()
    {
        var answer = new TaskCompletionSource<string>();
        using TestServer server = TestServer.Start(new Waiting(() => answer.Task));
        TestPeer peer = server.Connect();
        peer.Send("a"u8);
        Thread waiting = Thread.CurrentThread;
        var answering = new Thread(() =>
        {
            while ((waiting.ThreadState & ThreadState.WaitSleepJoin) == 0)
            {
                Thread.Yield();
            }

            answer.SetResult("late");
        });
        answering.Start();
        server.RunUntil(() => peer.Received.Length > 0);
        answering.Join();
        Assert.That(peer.ReceivedText, Is.EqualTo("late"));
    }

    [Test]
    public void A_wait_for_nothing_ends_with_what_to_look_for()
    {
        using TestServer server = TestServer.Start(new LineAdder());
        server.Patience = TimeSpan.FromMilliseconds(1);
        Assert.That(
            () => server.RunUntil(static () => false),
            Throws.InstanceOf<TimeoutException>().With.Message.Contains("Advance"));
    }

    [Test]
    public void What_a_session_throws_can_be_asked_for()
    {
        using TestServer server = TestServer.Start(new Waiting(static () => Task.FromResult("")));
        TestPeer peer = server.Connect();
        peer.Send("!"u8);
        Assert.That(peer.CloseReason, Is.EqualTo(CloseReason.HandlerFault));
        Assert.That(peer.Fault, Is.InstanceOf<InvalidDataException>());
    }

    [Test]
    public void A_session_that_is_away_for_good_does_not_hold_up_the_end()
    {
        var never = new TaskCompletionSource<string>();
        TestServer server = TestServer.Start(new Waiting(() => never.Task));
        TestPeer peer = server.Connect();
        peer.Send("a"u8);
        server.Dispose();
        Assert.That(peer.CloseReason, Is.Not.EqualTo(CloseReason.None));
        Assert.That(() => never.SetResult("too late"), Throws.Nothing);
    }

    [Test]
    public void A_handle_used_by_the_test_goes_by_the_mailbox()
    {
        using TestServer server = TestServer.Start(new LineAdder());
        TestPeer peer = server.Connect();
        long before = server.Statistics.BytesOut;
        Assert.That(peer.Handle.TrySend("posted\n"u8));
        peer.Close();
        Assert.That(peer.ReceivedText, Is.EqualTo("posted\nbye\n"));
        Assert.That(ConnectionWriter.Current, Is.Null);
        Assert.That(server.Statistics.BytesOut, Is.GreaterThan(before));
    }

    [Test]
    public void Two_servers_take_turns_on_a_thread()
    {
        using TestServer one = TestServer.Start(new LineAdder());
        using TestServer two = TestServer.Start(new LineAdder());
        TestPeer first = one.Connect();
        TestPeer second = two.Connect();
        first.Send("1\n"u8);
        second.Send("2\n"u8);
        first.Send("3\n"u8);
        Assert.That((first.ReceivedText, second.ReceivedText), Is.EqualTo(("1\n4\n", "2\n")));
    }

    [Test]
    public void The_threads_own_context_is_there_again_after_each_call()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        var mine = new SynchronizationContext();
        try
        {
            SynchronizationContext.SetSynchronizationContext(mine);
            using TestServer server = TestServer.Start(new LineAdder());
            TestPeer peer = server.Connect();
            peer.Send("1\n"u8);
            Assert.That(SynchronizationContext.Current, Is.SameAs(mine));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
