using Gain.CompilerServices;
using Gain.Memory;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>Runs a worker on a ring that is played, until nothing is left to be told.</summary>
internal static class PlayedWorker
{
    /// <summary>The descriptor that stands for the listener.</summary>
    public const int Listener = 7;

    public static (PlayedLoop Loop, WorkerCounters Counters, string[] Said) Run<TProtocol>(
        TProtocol prototype, PlayedAnswers answers, GainOptions given, bool listens = false)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        given.WorkerCount = 1;
        GainOptions options = given.Validated();
        var logger = new RecordingLogger();
        Worker<TProtocol, PlayedRing> worker = Make<TProtocol>(options, logger);
        ServerState server = worker.Server;
        PlayedLoop loop = null!;
        loop = new PlayedLoop(
            new Queue<int>(answers.Accepts), () => server.RequestStop(loop.NowMs + 1_000))
        {
            HangUp = answers.HangUp,
            Failing = answers.Failing,
            AcceptsTogether = answers.AcceptsTogether,
            NowMs = answers.StartMs,
        };
        Array.ForEach(answers.Sends, loop.Sends.Enqueue);
        Array.ForEach(answers.Receives, loop.Receives.Enqueue);
        using ListenerSet? listeners = listens ? PlayedLoop.Listen(options, logger) : null;
        if (listeners is null)
        {
            worker.TakeListeners([Listener]);
        }
        else
        {
            worker.TakeListeners(listeners, accepts: true);
        }

        worker.Open(loop);
        worker.EnterThread();
        worker.Run(prototype);
        worker.Close();
        loop.CloseListeners(listeners);
        return (loop, worker.ReadCounters(), logger.Messages.Entries);
    }

    /// <summary>A worker that has no ring yet, and does not run.</summary>
    /// <param name="options">Its options, valid.</param>
    /// <param name="logger">Where its messages go.</param>
    public static Worker<TProtocol, PlayedRing> Make<TProtocol>(GainOptions options, RecordingLogger logger)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        var server = new ServerState(logger, new Admission(options), new MemoryBudget(64 << 20))
        {
            HandOvers = new HandOvers(workers: 1, producers: 0),
        };
        return new Worker<TProtocol, PlayedRing>(options.ForWorker(0, null), server, listeners: 1);
    }
}
