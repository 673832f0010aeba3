using System.Diagnostics;

namespace Gain;

/// <summary>
/// Writes lines on a thread of its own, so that no caller waits for the reader: a pipe that nobody reads must
/// not stop a worker. The queue is bounded. Messages that have no room are dropped, and a line says how many.
/// Any thread.
/// </summary>
internal sealed class LogWriter
{
    /// <summary>The most messages that wait.</summary>
    internal const int MostMessages = 1_024;

    /// <summary>The most characters of waiting messages.</summary>
    internal const int MostCharacters = 1 << 20;

    private static readonly TimeSpan s_exitLimit = TimeSpan.FromSeconds(1);
    private static readonly Lazy<LogWriter> s_standardError = new(OpenStandardError);

    // The lock is held to put in and to take out, never while something is written.
    private readonly object _gate = new();
    private readonly Queue<string> _waiting = new();
    private readonly Func<TextWriter> _output;
    private int _characters;
    private long _dropped;
    private long _untold;
    private bool _isWriting;
    private bool _hasThread;

    /// <param name="output">Where to write, asked for each message.</param>
    internal LogWriter(Func<TextWriter> output) => _output = output;

    /// <summary>
    /// The writer of the process's standard error, with one thread, also when the program replaces the
    /// stream.
    /// </summary>
    public static LogWriter ForStandardError() => s_standardError.Value;

    private static LogWriter OpenStandardError()
    {
        // Opens it, and starts the thread: when descriptors have run out, there is something to write, and
        // neither can be had. A thread that begins then ends the process.
        _ = Console.Error;
        var writer = new LogWriter(() => Console.Error);
        writer.Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => writer.Flush(s_exitLimit);
        AppDomain.CurrentDomain.UnhandledException += (_, _) => writer.Flush(s_exitLimit);
        return writer;
    }

    /// <summary>The messages that were dropped.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
            {
                return _dropped;
            }
        }
    }

    /// <summary>Takes a message of one or more lines, to be written soon.</summary>
    /// <returns>False when it is dropped.</returns>
    public bool TryWrite(string message)
    {
        lock (_gate)
        {
            if (!HasRoomFor(message) || !TryStart())
            {
                _dropped++;
                _untold++;
                return false;
            }

            TellDropped();
            Put(message);
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <summary>Waits until everything that was taken is written.</summary>
    /// <param name="limit">How long at most: nobody may read.</param>
    /// <returns>Whether it is.</returns>
    public bool Flush(TimeSpan limit)
    {
        long start = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (_waiting.Count != 0 || _isWriting)
            {
                TimeSpan left = limit - Stopwatch.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(_gate, left);
            }
        }

        return true;
    }

    private bool HasRoomFor(string message) =>
        _waiting.Count < MostMessages && _characters + message.Length <= MostCharacters;

    private void Put(string message)
    {
        _characters += message.Length;
        _waiting.Enqueue(message);
    }

    // Where they are missing.
    private void TellDropped()
    {
        if (_untold != 0)
        {
            Put($"gain: Warning: {_untold} messages are missing here: standard error was not read in time.");
            _untold = 0;
        }
    }

    private void Start()
    {
        lock (_gate)
        {
            _ = TryStart();
        }
    }

    private bool TryStart()
    {
        if (_hasThread)
        {
            return true;
        }

        try
        {
            new Thread(Run) { Name = "gain-log", IsBackground = true }.UnsafeStart();
            _hasThread = true;
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            // The next message tries again.
            return false;
        }

        return true;
    }

    private void Run()
    {
        while (true)
        {
            string message = Take();
            bool isWritten = TryOutput(message);
            lock (_gate)
            {
                _isWriting = false;
                _dropped += isWritten ? 0 : 1;
                if (_waiting.Count == 0)
                {
                    TellDropped();
                }

                Monitor.PulseAll(_gate);
            }
        }
    }

    private string Take()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                Monitor.Wait(_gate);
            }

            string message = _waiting.Dequeue();
            _characters -= message.Length;
            _isWriting = true;
            return message;
        }
    }

    private bool TryOutput(string message)
    {
        try
        {
            TextWriter output = _output();
            output.WriteLine(message);
            output.Flush();
            return true;
        }
        catch (Exception)
        {
            // A full disk, or a writer of the program's that fails: it is counted, and the next one is tried.
            return false;
        }
    }
}
