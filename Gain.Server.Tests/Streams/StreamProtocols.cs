using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace Gain.Tests.Server.Streams;

/// <summary>Echoes lines, by a reader and a writer of the framework's.</summary>
[GainProtocol]
internal partial struct StreamLines(Journal journal)
{
    private readonly Journal Journal => journal;

    private static async Session OnSession(SessionContext s)
    {
        Journal journal = s.Handler<StreamLines>().Journal;
        int worker = Environment.CurrentManagedThreadId;
        Stream stream = s.AsStream();
        Assert.That(s.AsStream(), Is.SameAs(stream));
        using var reader = new StreamReader(stream, leaveOpen: true);
        using var writer = new StreamWriter(stream, leaveOpen: true);
        while (await reader.ReadLineAsync() is { } line)
        {
            Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(worker), "another thread");
            await writer.WriteAsync($"{line}\n");
            await writer.FlushAsync();
        }

        // Without waiting, in the writer's Dispose.
        writer.Write("bye\n");
        journal.Add("end of lines");
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Echoes lines that are parsed in a pipe.</summary>
[GainProtocol]
internal partial struct StreamPipeLines
{
    private static async Session OnSession(SessionContext s)
    {
        IDuplexPipe pipe = s.AsDuplexPipe();
        while (true)
        {
            ReadResult read = await pipe.Input.ReadAsync();
            ReadOnlySequence<byte> left = read.Buffer;
            while (left.PositionOf((byte)'\n') is { } end)
            {
                SequencePosition next = left.GetPosition(1, end);
                foreach (ReadOnlyMemory<byte> part in left.Slice(0, next))
                {
                    pipe.Output.Write(part.Span);
                }

                left = left.Slice(next);
            }

            pipe.Input.AdvanceTo(left.Start, left.End);
            await pipe.Output.FlushAsync();
            if (read.IsCompleted)
            {
                await pipe.Output.WriteAsync("bye\n"u8.ToArray());
                return;
            }
        }
    }
}

/// <summary>Reads one line by itself, and what stands behind it by a stream, which it copies back.</summary>
[GainProtocol]
internal partial struct StreamUpgrade
{
    private static async Session OnSession(SessionContext s)
    {
        int end;
        do
        {
            if (!await s.Read())
            {
                return;
            }

            end = s.Data.IndexOf((byte)'\n') + 1;
        }
        while (end == 0);
        s.Consume(end);
        Stream stream = s.AsStream();
        byte[] buffer = new byte[5];
        while (await stream.ReadAsync(buffer) is > 0 and int count)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count));
        }
    }
}

/// <summary>Echoes under TLS of the framework's, as a server.</summary>
[GainProtocol]
internal partial struct StreamTlsEcho(X509Certificate2 certificate, Journal journal)
{
    private readonly X509Certificate2 Certificate => certificate;

    private static async Session OnSession(SessionContext s)
    {
        X509Certificate2 certificate = s.Handler<StreamTlsEcho>().Certificate;
        await using var tls = new SslStream(s.AsStream());
        await tls.AuthenticateAsServerAsync(certificate);
        byte[] buffer = new byte[8_192];
        while (await tls.ReadAsync(buffer) is > 0 and int count)
        {
            await tls.WriteAsync(buffer.AsMemory(0, count));
        }

        await tls.ShutdownAsync();
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}

/// <summary>Gives its connection to others as a stream, until that is over or the server stops.</summary>
[GainProtocol]
internal partial struct StreamLender(StreamLoan loan, Journal journal)
{
    private readonly StreamLoan Loan => loan;

    private readonly Journal Journal => journal;

    private static async Session OnSession(SessionContext s)
    {
        Journal journal = s.Handler<StreamLender>().Journal;
        StreamLoan loan = s.Handler<StreamLender>().Loan;
        loan.Give(s.Handle, s.AsStream());
        bool waited = await s.Delay(Timeout.InfiniteTimeSpan);
        journal.Add($"delay {waited}");
        if (!s.IsEnded)
        {
            await loan.Returned;
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Gives its connection to others as a stream, and returns when it is told to.</summary>
[GainProtocol]
internal partial struct StreamQuitter(StreamLoan loan)
{
    private readonly StreamLoan Loan => loan;

    private static async Session OnSession(SessionContext s)
    {
        StreamLoan loan = s.Handler<StreamQuitter>().Loan;
        loan.Give(s.Handle, s.AsStream());
        await loan.Returned;
    }
}

/// <summary>Awaits a read in vain, and lets what it throws pass.</summary>
[GainProtocol]
internal partial struct StreamHopeful(Journal journal)
{
    private readonly Journal Journal => journal;

    private static async Session OnSession(SessionContext s)
    {
        Journal journal = s.Handler<StreamHopeful>().Journal;
        Stream stream = s.AsStream();
        try
        {
            await s.Read();
        }
        catch (InvalidOperationException misuse)
        {
            journal.Add(misuse.Message);
        }

        try
        {
            _ = stream.ReadByte();
        }
        catch (InvalidOperationException misuse)
        {
            journal.Add(misuse.Message);
        }

        using var reader = new StreamReader(stream);
        journal.Add("reads");
        await reader.ReadLineAsync();
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>What <see cref="StreamLender"/> gives.</summary>
internal sealed class StreamLoan
{
    private readonly Channel<(ConnectionHandle, Stream)> _given =
        Channel.CreateUnbounded<(ConnectionHandle, Stream)>();

    private readonly TaskCompletionSource _returned = new();

    public Task Returned => _returned.Task;

    public void Give(ConnectionHandle handle, Stream stream) => _given.Writer.TryWrite((handle, stream));

    public void Return() => _returned.TrySetResult();

    public Task<(ConnectionHandle Handle, Stream Stream)> TakeAsync() =>
        _given.Reader.ReadAsync().AsTask().WaitAsync(Clients.Patience);
}

/// <summary>Writes much while it reads as much, and then what it has made of it.</summary>
[GainProtocol]
internal partial struct StreamBothWays
{
    public const int Bytes = 12 << 20;

    public static byte HashOf(ReadOnlySpan<byte> data)
    {
        byte hash = 0;
        foreach (byte one in data)
        {
            hash = (byte)((hash * 31) + one);
        }

        return hash;
    }

    private static async Session OnSession(SessionContext s)
    {
        Stream stream = s.AsStream();
        Task writing = stream.WriteAsync(new byte[Bytes]).AsTask();
        byte[] got = new byte[Bytes];
        await stream.ReadExactlyAsync(got);
        await writing;
        await stream.WriteAsync(new[] { HashOf(got) });
    }
}

/// <summary>Writes from another thread, and takes no result: a library does so where a task is
/// over.</summary>
[GainProtocol]
internal partial struct StreamUntaken
{
    public const int Writes = 100;

    private static async Session OnSession(SessionContext s)
    {
        Stream stream = s.AsStream();
        await Task.Run(() =>
        {
            for (int i = 0; i < Writes; i++)
            {
#pragma warning disable CA2012 // That is what is tested.
                ValueTask write = stream.WriteAsync(new byte[] { (byte)i });
#pragma warning restore CA2012
                while (!write.IsCompleted)
                {
                    Thread.Yield();
                }
            }
        });
    }
}
