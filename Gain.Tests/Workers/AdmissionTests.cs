using Gain.Net;
using Gain.Workers;

namespace Gain.Tests.Workers;

public class AdmissionTests
{
    [Test]
    public void Rate_lets_a_tenth_of_a_second_through_and_then_one_per_interval()
    {
        var admission = new Admission(new GainOptions { MaxAcceptsPerSecond = 100 });
        const long Now = 1_000_000;
        for (int i = 0; i < 10; i++)
        {
            Assert.That(admission.ChargeAccept(Now), Is.Zero, $"accept {i}");
        }

        Assert.That(admission.ChargeAccept(Now), Is.EqualTo(10));
        Assert.That(admission.ChargeAccept(Now), Is.EqualTo(20));
        Assert.That(admission.ChargeAccept(Now + 30), Is.Zero);
        Assert.That(admission.ChargeAccept(Now + 30), Is.EqualTo(10));
    }

    [Test]
    public void Whoever_frees_a_place_wakes_those_who_wait_for_one()
    {
        int woken = 0;
        var admission = new Admission(new GainOptions { MaxConnections = 1 });
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
