namespace Gain.Sessions;

/// <summary>What an adapter of a session's connection asks of the worker.</summary>
internal abstract class AdapterWork(int slot, uint generation) : SessionNode
{
    /// <summary>The connection's slot.</summary>
    public int Slot => slot;

    /// <summary>The generation of that slot.</summary>
    public uint Generation => generation;

    /// <summary>Does it. The worker's thread.</summary>
    public abstract void Run();
}
