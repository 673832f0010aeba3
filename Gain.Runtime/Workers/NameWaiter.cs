using Gain.Sockets;

namespace Gain.Workers;

/// <summary>A dial that waits for what its name stands for.</summary>
/// <param name="name">The name.</param>
/// <param name="slot">The slot of the dial.</param>
/// <param name="inbox">Where the answer goes; null for one that takes it otherwise.</param>
internal class NameWaiter(DialName name, int slot, NameInbox? inbox)
{
    private volatile bool _isOver;

    public DialName Name => name;

    public int Slot => slot;

    /// <summary>What the name stands for; read when the answer is in the inbox.</summary>
    public GainAddress[] Addresses { get; private set; } = [];

    /// <summary>Whether the dial has ended without the answer.</summary>
    public bool IsOver => _isOver;

    /// <summary>The dial has ended. The worker's thread.</summary>
    public void GiveUp() => _isOver = true;

    /// <summary>Gives the worker the answer. Any thread, once.</summary>
    public virtual void Answer(GainAddress[] addresses)
    {
        Addresses = addresses;
        inbox?.Add(this);
    }
}
