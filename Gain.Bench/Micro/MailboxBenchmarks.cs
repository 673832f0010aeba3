using BenchmarkDotNet.Attributes;
using Gain.Connections;

namespace Gain.Bench.Micro;

/// <summary>The way into a worker from other threads, when its worker is awake.</summary>
[MemoryDiagnoser]
public class MailboxBenchmarks
{
    private const int Capacity = 1_024;

    private readonly Mailbox _mailbox = new(Capacity);

    /// <summary>One letter, posted and taken on the same thread: without contention.</summary>
    [Benchmark]
    public bool PostAndTake()
    {
        _mailbox.TryPost(new Mail(MailKind.Close, 1, 1));
        return _mailbox.TryTake(out _);
    }

    /// <summary>The mailbox filled up, then emptied.</summary>
    [Benchmark(OperationsPerInvoke = Capacity)]
    public int FillAndEmpty()
    {
        for (int i = 0; i < Capacity; i++)
        {
            _mailbox.TryPost(new Mail(MailKind.Close, i, 1));
        }

        int taken = 0;
        while (_mailbox.TryTake(out _))
        {
            taken++;
        }

        return taken;
    }

    /// <summary>What every turn of a worker's loop pays: no letter, and the latch up and down.</summary>
    [Benchmark]
    public bool LookAndSleep()
    {
        _mailbox.PrepareToSleep();
        bool hasMail = _mailbox.HasMail;
        _mailbox.AfterSleep();
        return hasMail;
    }
}
