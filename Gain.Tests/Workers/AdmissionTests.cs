using Gain.Workers;

namespace Gain.Tests.Workers;

public class AdmissionTests
{
    [Test]
    public void Rate_lets_a_tenth_of_a_second_through_and_then_one_per_interval()
    {
        var admission = new Admission(new GainOptions { Accepting = { MaxPerSecond = 100 } });
        const long Now = 1_000_000;
        for (int i = 0; i < 10; i++)
        {
            Assert.That(admission.ReserveAccept(Now), Is.Zero, $"accept {i}");
        }

        Assert.That(admission.ReserveAccept(Now), Is.EqualTo(10));
        Assert.That(admission.ReserveAccept(Now), Is.EqualTo(20));
        Assert.That(admission.ReserveAccept(Now + 30), Is.Zero);
        Assert.That(admission.ReserveAccept(Now + 30), Is.EqualTo(10));
    }

    // Two workers at the last place: one is asked for by an address that has too many, the other by a client
    // that may come.
    [Test]
    public void A_refused_address_keeps_nobody_from_the_last_place()
    {
        var admission = new Admission(new GainOptions
        {
            Limits = { MaxConnections = 2, MaxConnectionsPerAddress = 1 },
        });
        var greedy = new GainAddress((UInt128)1 << 64, 0);
        var modest = new GainAddress((UInt128)2 << 64, 0);
        Assert.That(admission.TryOpen(greedy), Is.EqualTo(RefusalReason.None));
        using var ready = new Barrier(2);
        bool isOver = false;
        var other = new Thread(() =>
        {
            ready.SignalAndWait();
            while (!Volatile.Read(ref isOver))
            {
                Assert.That(admission.TryOpen(greedy), Is.EqualTo(RefusalReason.AddressLimit));
            }
        });
        other.Start();
        ready.SignalAndWait();
        int refused = 0;
        for (int i = 0; i < 200_000; i++)
        {
            if (admission.TryOpen(modest) != RefusalReason.None)
            {
                refused++;
                continue;
            }

            admission.CountClosed();
            admission.CountFreed(modest);
        }

        Volatile.Write(ref isOver, true);
        other.Join();
        Assert.That(refused, Is.Zero);
    }

    [Test]
    public void A_refusal_at_the_limit_keeps_nobody_from_a_place()
    {
        var admission = new Admission(new GainOptions { Limits = { MaxConnections = 1 } });
        int open = 0;
        int opened = 0;
        bool isOver = false;
        void Compete()
        {
            while (!Volatile.Read(ref isOver))
            {
                if (admission.TryOpen(default) == RefusalReason.None)
                {
                    Interlocked.Increment(ref opened);
                    Assert.That(Interlocked.Increment(ref open), Is.EqualTo(1), "two have one place");
                    Interlocked.Decrement(ref open);
                    admission.CountFreed(default);
                    continue;
                }
            }
        }

        Thread[] threads = [new(Compete), new(Compete)];
        Array.ForEach(threads, thread => thread.Start());
        SpinWait.SpinUntil(() => Volatile.Read(ref opened) > 100_000);
        Volatile.Write(ref isOver, true);
        Array.ForEach(threads, thread => thread.Join());
        Assert.That(admission.HasRoom);
    }

    [Test]
    public void Whoever_frees_a_place_wakes_those_who_wait_for_one()
    {
        int woken = 0;
        var admission = new Admission(new GainOptions { Limits = { MaxConnections = 1 } });
        admission.Attach(() => woken++);
        GainAddress peer = default;
        Assert.That(admission.TryOpen(peer), Is.EqualTo(RefusalReason.None));
        Assert.That(admission.TryOpen(peer), Is.EqualTo(RefusalReason.ConnectionLimit));
        admission.BeginWait();
        admission.CountFreed(peer);
        Assert.That(woken, Is.EqualTo(1));
        Assert.That(admission.HasRoom);
        admission.EndWait();
        admission.TryOpen(peer);
        admission.CountFreed(peer);
        Assert.That(woken, Is.EqualTo(1));
    }
}
