using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// Which of a worker's connections are dialled again when they end, and after which delay. Such a connection
/// keeps its slot: what follows it has the next generation of the same one, so that it needs no other place
/// while it waits, and a handle of any generation since the first leads to it.
/// </summary>
internal sealed class Redials
{
    private readonly DialSettings _settings;

    // Untouched pages take no memory.
    private readonly Redial[] _all;
    private ulong _random;

    private Redials(DialSettings settings, int slots, ulong seed)
    {
        _settings = settings;
        _all = new Redial[slots];
        _random = seed;
    }

    /// <summary>For the dials of a worker; null where none of them is repeated.</summary>
    public static Redials? For(DialSettings settings, int slots, int worker)
    {
        foreach (DialSetting setting in settings.Items)
        {
            if (setting.Redial is not null)
            {
                return new Redials(settings, slots, settings.Seed + (ulong)worker);
            }
        }

        return null;
    }

    /// <summary>A connection is dialled for the first time.</summary>
    /// <returns>Whether it is to be dialled again at its end.</returns>
    public bool Begin(int index, byte address, uint generation, in RemoteEnd target)
    {
        RedialSetting? setting = _settings.Items[address - _settings.First].Redial;
        if (setting is null)
        {
            return false;
        }

        _all[index] = new Redial
        {
            Setting = setting,
            Target = target,
            Address = address,
            FirstGeneration = generation,
            NextMs = setting.FirstMs,
            UpMs = Redial.NotUp,
        };
        return true;
    }

    /// <summary>A connection is up.</summary>
    public void NoteUp(int index, long nowMs) => _all[index].UpMs = nowMs;

    /// <summary>A connection has ended, or did not come up; its handler is told next.</summary>
    /// <param name="index">Its slot.</param>
    /// <param name="isOver">Whether it was meant to end, and is not dialled again.</param>
    /// <param name="nowMs">The time.</param>
    /// <returns>When it is dialled again; null for never.</returns>
    public TimeSpan? NoteEnded(int index, bool isOver, long nowMs)
    {
        ref Redial redial = ref _all[index];
        if (redial.Setting is not { } setting)
        {
            return null;
        }

        if (isOver || redial.IsOver)
        {
            redial = default;
            return null;
        }

        if (redial.UpMs != Redial.NotUp && nowMs - redial.UpMs > setting.MaxMs)
        {
            redial.NextMs = setting.FirstMs;
        }

        redial.UpMs = Redial.NotUp;
        redial.DelayMs = Draw(redial.NextMs, setting.Jitter);
        redial.NextMs = Math.Min(redial.NextMs * 2, setting.MaxMs);
        return DelayOf(index);
    }

    // From the part that is not left to chance to the whole, and never none.
    private long Draw(long mostMs, double jitter)
    {
        // splitmix64.
        _random += 0x9e37_79b9_7f4a_7c15;
        ulong bits = (_random ^ (_random >> 30)) * 0xbf58_476d_1ce4_e5b9;
        bits = (bits ^ (bits >> 27)) * 0x94d0_49bb_1331_11eb;
        double share = ((bits ^ (bits >> 31)) >> 11) * (1.0 / (1UL << 53));
        return Math.Max(1, mostMs - (long)(mostMs * jitter * share));
    }

    /// <summary>When a connection that has ended is dialled again; null if it is not.</summary>
    public TimeSpan? DelayOf(int index) =>
        _all[index].DelayMs is > 0 and long delay ? TimeSpan.FromMilliseconds(delay) : null;

    /// <summary>The program ends a connection: it is not dialled again, whatever it ends by.</summary>
    public void EndByProgram(int index)
    {
        ref Redial redial = ref _all[index];
        if (redial.DelayMs > 0)
        {
            redial = default;
        }
        else
        {
            // Until its end, older handles lead to it.
            redial.IsOver = true;
        }
    }

    /// <summary>
    /// A connection is given up that has ended, and whose slot is not free yet. Its handler was told that it
    /// is dialled again: so it is told the contrary, when the slot is.
    /// </summary>
    public void Cancel(int index) => _all[index].IsOver = true;

    /// <summary>A connection is not dialled again.</summary>
    public void End(int index) => _all[index] = default;

    /// <summary>Takes the delay of a connection that has ended: it is dialled again after it.</summary>
    /// <returns>False when it is not.</returns>
    public bool TryTakeDelay(int index, out Redial redial)
    {
        redial = _all[index];
        _all[index].DelayMs = 0;
        return redial.DelayMs > 0;
    }

    /// <summary>Whether a handle is of what a slot's connection was before.</summary>
    public bool IsEarlier(int index, uint generation, uint current)
    {
        ref Redial redial = ref _all[index];
        return redial.Setting is not null
            && generation - redial.FirstGeneration < current - redial.FirstGeneration;
    }
}
