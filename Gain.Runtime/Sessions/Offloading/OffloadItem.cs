namespace Gain.Sessions;

/// <summary>Work that a session offloads.</summary>
internal abstract class OffloadItem(OffloadPool pool) : IThreadPoolWorkItem
{
    /// <summary>Runs it, on a thread of the pool. Its place is free before its session goes on.</summary>
    public void Execute()
    {
        Work();
        pool.NoteRun();
        Tell();
    }

    /// <summary>Does it, and keeps what comes of it. It throws nothing.</summary>
    protected abstract void Work();

    /// <summary>Gives the session what has come of it.</summary>
    protected abstract void Tell();
}
