using BenchmarkDotNet.Attributes;
using Gain.Mail;
using Gain.Memory;

namespace Gain.Bench.Micro;

/// <summary>The way into a worker from other threads, when its worker is awake.</summary>
[MemoryDiagnoser]
public class MailboxBenchmarks
{
    private const int Capacity = 1_024;

    private readonly Mailbox _mailbox = new(Capacity);
    private readonly Mailbox<Tick> _carrying =
        new(Capacity, new PostedMemory(new MemoryBudget(1 << 30), 1 << 30, 1 << 20));

    private readonly byte[] _bytes = new byte[1_024];

    /// <summary>One command, posted and taken on the same thread: without contention.</summary>
    [Benchmark]
    public bool PostAndTake()
    {
        _mailbox.TryPost(Command.Close(1, 1));
        return _mailbox.TryTake(out _);
    }

    /// <summary>As much as <see cref="PostAndTake"/>, with a copy of bytes in native memory.</summary>
    [Benchmark]
    [Arguments(64)]
    [Arguments(1_024)]
    public bool PostAndTakeBytes(int length)
    {
        _carrying.TryPostBytes(Command.Send(1, 1), _bytes.AsSpan(0, length), out _);
        return _carrying.TryTake(out _);
    }

    /// <summary>As much as <see cref="PostAndTake"/>, with a message of 16 bytes, which is read.</summary>
    [Benchmark]
    public long PostAndTakeMessage()
    {
        _carrying.TryPostMessage(Command.Message(1, 1), new Tick(1, 2));
        if (!_carrying.TryPeek(out Command command))
        {
            return 0;
        }

        long sum = _carrying.FrontMessage.Time + _carrying.FrontMessage.Count;
        _carrying.Release(command.Kind);
        return sum;
    }

    /// <summary>The mailbox filled up, then emptied.</summary>
    [Benchmark(OperationsPerInvoke = Capacity)]
    public int FillAndEmpty()
    {
        for (int i = 0; i < Capacity; i++)
        {
            _mailbox.TryPost(Command.Close(i, 1));
        }

        int taken = 0;
        while (_mailbox.TryTake(out _))
        {
            taken++;
        }

        return taken;
    }

    /// <summary>What every turn of a worker's loop pays: no command, and the latch up and down.</summary>
    [Benchmark]
    public bool LookAndSleep()
    {
        _mailbox.PrepareToSleep();
        bool hasMail = _mailbox.HasMail;
        _mailbox.AfterSleep();
        return hasMail;
    }

    private readonly record struct Tick(long Time, long Count);
}
