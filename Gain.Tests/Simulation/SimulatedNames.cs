using Gain.Sockets;
using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <summary>
/// A resolver in virtual time. The port of a name says which peer it is of; its addresses, if it has any, are
/// all that peer's.
/// </summary>
internal sealed class SimulatedNames(Func<SimulatedWorld> world, SimulationRandom random) : NameSource
{
    private const int MaxAddresses = 5;

    public override bool TryFind(DialName name, out GainAddress[] addresses)
    {
        bool isKnown = random.Chance(0.3);
        addresses = isKnown ? Draw(name) : [];
        return isKnown;
    }

    public override void Ask(NameWaiter waiter)
    {
        SimulatedWorld here = world();
        here.Events.Plan(here.NowNs + random.SkewedLong(1, 400_000_000), () =>
        {
            GainAddress[] addresses = Draw(waiter.Name);
            here.Trace.Add($"port {waiter.Name.Port}: {addresses.Length} addresses, over {waiter.IsOver}");
            here.Kernel.NoteProgress();
            waiter.Answer(addresses);
        });
    }

    private GainAddress[] Draw(DialName name)
    {
        int count = random.Chance(0.1) ? 0 : random.Between(1, MaxAddresses);
        return [.. Enumerable.Range(1, count).Select(i => new GainAddress((UInt128)i << 64, name.Port))];
    }
}
