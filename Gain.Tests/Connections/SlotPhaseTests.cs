using Gain.Slots;

namespace Gain.Tests.Connections;

/// <summary>The phases of a connection: the steps that there are, and that every other one throws.</summary>
public class SlotPhaseTests
{
    private static readonly SlotPhase[] s_phases = Enum.GetValues<SlotPhase>();

    // Each step, and the phases that it starts from.
    private static readonly (SlotPhase To, string Name, SlotPhase[] From)[] s_steps =
    [
        (SlotPhase.Draining, nameof(Slot.BeginDraining), [SlotPhase.Open, SlotPhase.Connecting]),
        (SlotPhase.Aborting, nameof(Slot.BeginAborting),
            [SlotPhase.Open, SlotPhase.Connecting, SlotPhase.Draining, SlotPhase.Aborting]),
        (SlotPhase.Ended, nameof(Slot.End),
            [SlotPhase.Open, SlotPhase.Connecting, SlotPhase.Draining, SlotPhase.Aborting]),
        (SlotPhase.Lingering, nameof(Slot.BeginLingering), [SlotPhase.Ended]),
        (SlotPhase.Ended, nameof(Slot.EndLingering), [SlotPhase.Lingering]),
    ];

    [Test]
    public void Each_step_starts_from_its_phases_and_throws_from_all_others()
    {
        foreach ((SlotPhase to, string name, SlotPhase[] from) in s_steps)
        {
            foreach (SlotPhase phase in s_phases)
            {
                Slot slot = In(phase);
                Exception? thrown = Try(ref slot, name);
                if (from.Contains(phase))
                {
                    Assert.That(thrown, Is.Null, $"{name} from {phase}");
                    Assert.That(slot.Phase, Is.EqualTo(to));
                }
                else
                {
                    Assert.That(thrown?.Message, Does.Contain($"from {phase} to {to}"));
                    Assert.That(thrown?.Message, Does.Contain("descriptor 5"));
                    Assert.That(slot.Phase, Is.EqualTo(phase), "it stays where it was");
                }
            }
        }
    }

    [Test]
    public void What_is_asked_of_a_phase_is_what_it_allows()
    {
        foreach (SlotPhase phase in s_phases)
        {
            Slot slot = In(phase);
            bool isOpen = phase is SlotPhase.Open or SlotPhase.Connecting;
            Assert.That(slot.IsWritable, Is.EqualTo(isOpen));
            Assert.That(slot.IsDeliverable, Is.EqualTo(isOpen));
            Assert.That(slot.IsEnding, Is.EqualTo(!isOpen));
            Assert.That(slot.IsBeyondDraining, Is.EqualTo(phase > SlotPhase.Draining));
            Assert.That(slot.HasClosed, Is.EqualTo(phase is SlotPhase.Lingering or SlotPhase.Ended));
            Assert.That(slot.MayReceive, Is.EqualTo(phase is not (SlotPhase.Aborting or SlotPhase.Ended)));
            Assert.That(slot.MayBeFreed, Is.EqualTo(phase == SlotPhase.Ended));
        }
    }

    [Test]
    public void Lingering_forgets_that_reading_was_paused()
    {
        Slot slot = In(SlotPhase.Open);
        slot.Pause();
        slot.Congest();
        slot.End();
        slot.BeginLingering();
        Assert.That(slot.IsReadHeld, Is.False);
        Assert.That(slot.MayReceive);
    }

    private static Slot In(SlotPhase phase)
    {
        Slot slot = default;
        slot.Open(fd: 5, address: 0);
        if (phase == SlotPhase.Connecting)
        {
            slot.Begin(0, SlotOperation.Connect);
        }

        string[] way = phase switch
        {
            SlotPhase.Draining => [nameof(Slot.BeginDraining)],
            SlotPhase.Aborting => [nameof(Slot.BeginAborting)],
            SlotPhase.Lingering => [nameof(Slot.End), nameof(Slot.BeginLingering)],
            SlotPhase.Ended => [nameof(Slot.End)],
            _ => [],
        };
        foreach (string step in way)
        {
            Take(ref slot, step);
        }

        return slot;
    }

    private static Exception? Try(ref Slot slot, string step)
    {
        try
        {
            Take(ref slot, step);
            return null;
        }
        catch (InvalidOperationException thrown)
        {
            return thrown;
        }
    }

    private static void Take(ref Slot slot, string step)
    {
        switch (step)
        {
            case nameof(Slot.BeginDraining):
                slot.BeginDraining();
                break;
            case nameof(Slot.BeginAborting):
                slot.BeginAborting();
                break;
            case nameof(Slot.End):
                slot.End();
                break;
            case nameof(Slot.BeginLingering):
                slot.BeginLingering();
                break;
            default:
                slot.EndLingering();
                break;
        }
    }
}
