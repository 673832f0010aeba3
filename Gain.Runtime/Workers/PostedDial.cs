using Gain.Slots;

namespace Gain.Workers;

/// <summary>What another thread wants dialled. It ends once, on whichever thread.</summary>
internal abstract class PostedDial : DialWaiter
{
    /// <summary>It was not begun.</summary>
    public abstract void Fail(Exception why);
}
