using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Gain.CompilerServices;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Bench.Micro;

/// <summary>
/// Frames of a length of four bytes and 64 bytes of payload, out of the same stream in the same receives: by
/// the generated parser, and by <c>System.IO.Pipelines</c> with <c>SequenceReader</c>.
/// </summary>
/// <remarks>
/// Both sides copy each receive once to where their parser finds it, as the kernel does: into a receive
/// buffer, and into the memory of the pipe's writer. Both hand each payload over as a span, and do the same
/// with it.
/// </remarks>
[MemoryDiagnoser]
[Config(typeof(FramesPerSecondConfig))]
public class FrameRateBenchmarks
{
    private const int PayloadLength = 64;
    private const int FrameLength = 4 + PayloadLength;
    private const int Frames = 61_440;
    private const int MaxFrameLength = 65_536;

    private readonly byte[] _stream = new byte[Frames * FrameLength];
    private readonly byte[] _received = GC.AllocateArray<byte>(65_536, pinned: true);

    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;

    private Pipe _pipe = new();
    private PrefixedCounter _handler;
    private int _slot;

    public FrameRateBenchmarks()
    {
        var budget = new MemoryBudget(1 << 30);
        _table = new SlotTable(1, workerIndex: 0, new Mailbox(2), budget);
        _writer = new ConnectionWriter(
            _table, new ConnectionLimits(1 << 20, 1 << 18, 1 << 20, 1 << 20), budget);
    }

    /// <summary>The bytes that a receive brings: few, a packet, and a default receive buffer.</summary>
    [Params(256, 1_448, 16_384)]
    public int ReceiveBytes { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        for (int i = 0; i < Frames; i++)
        {
            Span<byte> frame = _stream.AsSpan(i * FrameLength, FrameLength);
            BinaryPrimitives.WriteInt32BigEndian(frame, PayloadLength);
            frame[4..].Fill((byte)i);
        }

        _slot = _table.Allocate(fd: -1);

        // As Kestrel's socket transport has it, with segments in which a whole receive finds room.
        _pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: 1 << 20,
            resumeWriterThreshold: 1 << 19,
            minimumSegmentSize: 16_384,
            useSynchronizationContext: false));
    }

    [GlobalCleanup]
    public void Release() => _table.Dispose();

    /// <summary>The generated parser, called as a worker calls it.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public long Gain()
    {
        _handler = default;
        for (int at = 0; at < _stream.Length; at += ReceiveBytes)
        {
            ReadOnlySpan<byte> arriving = _stream.AsSpan(at, Math.Min(ReceiveBytes, _stream.Length - at));
            Span<byte> received = _received.AsSpan(0, arriving.Length);
            arriving.CopyTo(received);
            Deliver<PrefixedCounter>(ref _handler, received);
        }

        return Checked(_handler.Frames, _handler.Checksum);
    }

    /// <summary>A pipe, filled as a socket's transport fills it and read as its protocol reads it.</summary>
    [Benchmark(OperationsPerInvoke = Frames, Baseline = true)]
    public async Task<long> Pipelines()
    {
        long frames = 0;
        long checksum = 0;
        for (int at = 0; at < _stream.Length; at += ReceiveBytes)
        {
            int length = Math.Min(ReceiveBytes, _stream.Length - at);
            _stream.AsSpan(at, length).CopyTo(_pipe.Writer.GetSpan(ReceiveBytes));
            _pipe.Writer.Advance(length);
            await _pipe.Writer.FlushAsync();

            ReadResult result = await _pipe.Reader.ReadAsync();
            SequencePosition consumed = ReadFrames(result.Buffer, ref frames, ref checksum);
            _pipe.Reader.AdvanceTo(consumed, result.Buffer.End);
        }

        return Checked(frames, checksum);
    }

    private void Deliver<TProtocol>(ref TProtocol handler, ReadOnlySpan<byte> received)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ref Slot slot = ref _table[_slot];
        int consumed = TProtocol.Read(ref handler, new Connection(_writer, ref slot), received);
        if (consumed != received.Length)
        {
            slot.Inbound.Append(_table.Carries, received[consumed..]);
        }
    }

    private static SequencePosition ReadFrames(
        in ReadOnlySequence<byte> buffer, ref long frames, ref long checksum)
    {
        var reader = new SequenceReader<byte>(buffer);
        SequencePosition consumed = reader.Position;
        Span<byte> copy = stackalloc byte[PayloadLength];
        while (reader.TryReadBigEndian(out int length))
        {
            if ((uint)length > MaxFrameLength)
            {
                throw new InvalidDataException($"A frame of {length} bytes.");
            }

            if (!reader.TryReadExact(length, out ReadOnlySequence<byte> payload))
            {
                break;
            }

            scoped ReadOnlySpan<byte> span = payload.FirstSpan;
            if (!payload.IsSingleSegment)
            {
                payload.CopyTo(copy);
                span = copy[..length];
            }

            frames++;
            checksum += span.Length + span[0] + span[^1];
            consumed = reader.Position;
        }

        return consumed;
    }

    private static long Checked(long frames, long checksum) => frames == Frames
        ? checksum
        : throw new InvalidOperationException($"{frames} frames were found in a stream of {Frames}.");
}
