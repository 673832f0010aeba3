using System.Text;
using CsCheck;
using Gain.Datagrams;
using Gain.Kernel;

namespace Gain.Tests.Connections;

public sealed class DatagramOutboxTests
{
    private const int Capacity = 4_096;

    private readonly PlayedSink.Script _script = new();
    private DatagramBatch _batch = null!;
    private DatagramOutbox _outbox = null!;
    private PlayedSink _sink;

    [SetUp]
    public void Make()
    {
        _batch = new DatagramBatch();
        _sink = new PlayedSink(_script);
        _script.Taken.Clear();
        _script.Results.Clear();
        _script.RefusesRuns = false;
        _script.Calls = 0;
        _script.Messages = 0;
        MakeOutbox(isUnix: false, joins: true);
    }

    [TearDown]
    public void Release()
    {
        _outbox.Dispose();
        _batch.Dispose();
    }

    [Test]
    public void What_was_added_leaves_in_its_order()
    {
        string[] all = ["a:1", "b:22", "a:333", "c:", "c:1"];
        AddAll(all);
        Assert.That(Send(), Is.True);
        Assert.That(Taken(), Is.EqualTo(all));
        Assert.That(_outbox.IsEmpty);
        Assert.That(_outbox.Sent, Is.EqualTo(5));
        Assert.That(_outbox.SentBytes, Is.EqualTo(7));
        Assert.That(_script.Calls, Is.EqualTo(1));
    }

    [Test]
    public void Datagrams_of_one_size_to_one_peer_are_one_message()
    {
        AddAll(["a:11", "a:22", "a:33", "a:4", "a:55", "a:66", "b:77", "b:88", "b:999"]);
        Send();
        Assert.That(
            Taken(), Is.EqualTo(["a:11", "a:22", "a:33", "a:4", "a:55", "a:66", "b:77", "b:88", "b:999"]));
        Assert.That(_script.Messages, Is.EqualTo(4), "11 22 33 4, 55 66, 77 88, 999");
        Assert.That(_outbox.Sent, Is.EqualTo(9));
    }

    [Test]
    public void Datagrams_of_no_bytes_join_nothing()
    {
        AddAll(["a:", "a:", "a:1", "a:", "a:2"]);
        Send();
        Assert.That(Taken(), Is.EqualTo(["a:", "a:", "a:1", "a:", "a:2"]));
        Assert.That(_script.Messages, Is.EqualTo(5));
    }

    [Test]
    public void Other_control_data_is_another_message()
    {
        byte[] one = new byte[32];
        byte[] other = new byte[32];
        other[20] = 1;
        Assert.That(_outbox.TryAdd("a"u8, one, "11"u8));
        Assert.That(_outbox.TryAdd("a"u8, one, "22"u8));
        Assert.That(_outbox.TryAdd("a"u8, other, "33"u8));
        Send();
        Assert.That(Taken(), Is.EqualTo(["a:11", "a:22", "a:33"]));
        Assert.That(_script.Messages, Is.EqualTo(2));
    }

    [Test]
    public void Nothing_joins_where_it_is_switched_off()
    {
        MakeOutbox(isUnix: false, joins: false);
        AddAll(["a:11", "a:22"]);
        Send();
        Assert.That(_script.Messages, Is.EqualTo(2));
    }

    [Test]
    public void Sixty_four_datagrams_are_the_longest_run()
    {
        AddAll([.. Enumerable.Repeat("a:1", 130)]);
        Send();
        Assert.That(_script.Taken, Has.Count.EqualTo(130));
        Assert.That(_script.Messages, Is.EqualTo(3));
    }

    [Test]
    public void A_run_that_the_kernel_refuses_leaves_one_by_one_and_its_size_joins_no_more()
    {
        _script.RefusesRuns = true;
        AddAll(["a:111", "a:222", "a:33", "b:4"]);
        Send();
        Assert.That(Taken(), Is.EqualTo(["a:111", "a:222", "a:33", "b:4"]));
        Assert.That(_outbox.Errors, Is.Zero);

        _script.RefusesRuns = false;
        _script.Messages = 0;
        AddAll(["a:111", "a:222", "a:33", "a:44"]);
        Send();
        Assert.That(_script.Messages, Is.EqualTo(3), "111, 222, 33 44");
        Assert.That(_outbox.Sent, Is.EqualTo(8));
    }

    [Test]
    public void A_run_to_nobody_is_counted_and_joins_again()
    {
        AddAll(["a:11", "a:22"]);
        _script.Results.Enqueue(-Errno.EINVAL);
        _script.Results.Enqueue(-Errno.EINVAL);
        _script.Results.Enqueue(-Errno.EINVAL);
        Send();
        Assert.That(_outbox.Errors, Is.EqualTo(2));
        Assert.That(_outbox.LastError, Is.EqualTo(Errno.EINVAL));

        AddAll(["a:11", "a:22"]);
        Send();
        Assert.That(_script.Messages, Is.EqualTo(1));
    }

    [Test]
    public void One_that_cannot_be_sent_does_not_stop_the_others()
    {
        AddAll(["a:1", "b:2", "c:3"]);
        _script.Results.Enqueue(1);
        _script.Results.Enqueue(-Errno.ECONNREFUSED);
        Assert.That(Send(), Is.True);
        Assert.That(Taken(), Is.EqualTo(["a:1", "c:3"]));
        Assert.That(_outbox.Errors, Is.EqualTo(1));
        Assert.That(_outbox.LastError, Is.EqualTo(Errno.ECONNREFUSED));
        Assert.That(_outbox.Sent, Is.EqualTo(2));
    }

    [Test]
    public void An_interrupted_call_is_made_again()
    {
        AddAll(["a:1"]);
        _script.Results.Enqueue(-Errno.EINTR);
        Assert.That(Send(), Is.True);
        Assert.That(Taken(), Is.EqualTo(["a:1"]));
    }

    [Test]
    public void Without_room_the_rest_waits()
    {
        AddAll(["a:1", "b:2", "c:3"]);
        _script.Results.Enqueue(1);
        _script.Results.Enqueue(-Errno.EAGAIN);
        Assert.That(Send(), Is.False);
        Assert.That(_outbox.IsEmpty, Is.False);
        AddAll(["d:4"]);
        Assert.That(Send(), Is.True);
        Assert.That(Taken(), Is.EqualTo(["a:1", "b:2", "c:3", "d:4"]));
    }

    [Test]
    public void A_Unix_peer_without_room_loses_its_datagram_alone()
    {
        MakeOutbox(isUnix: true, joins: true);
        AddAll(["a:1", "b:2"]);
        _script.Results.Enqueue(-Errno.EAGAIN);
        Assert.That(Send(), Is.True);
        Assert.That(Taken(), Is.EqualTo(["b:2"]));
        Assert.That(_outbox.Dropped, Is.EqualTo(1));
        Assert.That(_outbox.Errors, Is.Zero);
    }

    [Test]
    public void What_is_dropped_is_counted_by_the_datagram()
    {
        AddAll(["a:1", "a:2", "a:3", "b:44"]);
        _script.Results.Enqueue(-Errno.EAGAIN);
        Send();
        _outbox.Clear();
        Assert.That(_outbox.IsEmpty);
        Assert.That(_outbox.Dropped, Is.EqualTo(4));
    }

    [TestCase("333", 1)]
    [TestCase("3", 1)]
    [TestCase("333", 2)]
    [TestCase("3", 2)]
    public void What_is_left_of_a_run_that_was_split_is_dropped_and_counted_by_the_datagram(
        string last, int sent)
    {
        AddAll(["a:111", "a:222", $"a:{last}"]);
        _script.Results.Enqueue(-Errno.EINVAL);
        for (int i = 0; i < sent; i++)
        {
            _script.Results.Enqueue(1);
        }

        _script.Results.Enqueue(-Errno.EAGAIN);
        Assert.That(Send(), Is.False);
        Assert.That(_outbox.Sent, Is.EqualTo(sent));
        _outbox.Clear();
        Assert.That(_outbox.Dropped, Is.EqualTo(3 - sent));
    }

    [Test]
    public void Full_is_full_and_room_comes_back()
    {
        byte[] data = new byte[1_000];
        int added = 0;
        while (_outbox.TryAdd(Encoding.ASCII.GetBytes($"{added}"), default, data))
        {
            added++;
        }

        Assert.That(added, Is.EqualTo(3));
        Send();
        Assert.That(_outbox.TryAdd("x"u8, default, data));
    }

    [Test]
    public void Any_order_of_adding_and_sending_loses_nothing_and_keeps_the_order()
    {
        Gen<(int Peer, int Length, int Takes)> step = Gen.Select(
            Gen.Int[0, 2], Gen.Int[0, 700], Gen.Int[-1, 5]);
        step.Array[1, 60].Sample(Plays, iter: 2_000, threads: 1);
    }

    private bool Plays((int Peer, int Length, int Takes)[] steps)
    {
        Release();
        Make();
        var expected = new List<(string Name, byte[] Data)>();
        byte next = 0;
        foreach ((int peer, int length, int takes) in steps)
        {
            byte[] data = new byte[length / 100 * 100];
            data.AsSpan().Fill(next++);
            string name = $"peer{peer}";
            if (_outbox.TryAdd(Encoding.ASCII.GetBytes(name), default, data))
            {
                expected.Add((name, data));
            }

            if (takes >= 0)
            {
                _script.Results.Clear();
                if (takes > 0)
                {
                    _script.Results.Enqueue(takes);
                }

                _script.Results.Enqueue(-Errno.EAGAIN);
                Send();
            }
        }

        _script.Results.Clear();
        Send();
        return _outbox.IsEmpty
            && expected.Count == _script.Taken.Count
            && expected.Zip(_script.Taken).All(both =>
                both.First.Name == both.Second.Name && both.First.Data.SequenceEqual(both.Second.Data));
    }

    private void MakeOutbox(bool isUnix, bool joins)
    {
        _outbox?.Dispose();
        _outbox = new DatagramOutbox(_batch, Capacity, isUnix, joins);
    }

    private bool Send() => _outbox.Send(ref _sink, socket: 7);

    private void AddAll(string[] datagrams)
    {
        foreach (string datagram in datagrams)
        {
            string[] parts = datagram.Split(':');
            Assert.That(
                _outbox.TryAdd(
                    Encoding.ASCII.GetBytes(parts[0]), default, Encoding.ASCII.GetBytes(parts[1])));
        }
    }

    private string[] Taken() =>
        [.. _script.Taken.Select(one => $"{one.Name}:{Encoding.ASCII.GetString(one.Data)}")];
}
