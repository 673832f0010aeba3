using Gain.Testing.Rings;

namespace Gain.Testing;

/// <summary>The worker of a <see cref="TestServer"/>, whatever its protocol.</summary>
internal abstract class TestWorker
{
    public abstract TestKernel Kernel { get; }

    /// <summary>The connections that it can have at once.</summary>
    public abstract int Capacity { get; }

    public abstract bool HasStopped { get; }

    /// <summary>Whether sessions are away, or answers are due for another reason.</summary>
    public abstract bool OwesAnswers { get; }

    public abstract GainStatistics Statistics { get; }

    /// <summary>Lets it do what there is to do now.</summary>
    public abstract void Run();

    /// <summary>Waits, in real time, until another thread wants something of it.</summary>
    /// <returns>False when nobody did.</returns>
    public abstract bool AwaitWork(TimeSpan patience);

    /// <summary>Asks it to stop.</summary>
    public abstract void RequestStop(TimeSpan drain);

    /// <summary>Notes that a connection has ended, and why.</summary>
    public abstract void NoteEnd(TestSocket socket);

    /// <summary>Names a connection.</summary>
    public abstract ConnectionHandle HandleOf(TestSocket socket);

    /// <summary>Ends it without a stop, where one has failed.</summary>
    public abstract void Abandon(Exception failure);
}
