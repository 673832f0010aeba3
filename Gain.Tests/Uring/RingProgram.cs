using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>
/// Runs a program on a ring: each step alone, or all of them as one chain of hard links, which the kernel
/// runs one after the other, whatever becomes of each.
/// </summary>
internal sealed unsafe class RingProgram : IDisposable
{
    private const int Room = 64;
    private const int BufferBytes = 16_384;
    private const UnixFileMode All = (UnixFileMode)0x1FF;
    private readonly Ring _ring = TestRing.Create(entries: Room);
    private readonly FixedBuffers _buffers;
    private readonly bool _batched;
    private readonly bool _fixed;
    private readonly int _directory;
    private readonly int _file;

    // SAFETY: this object's, until Dispose, when nothing is in flight.
    private readonly FileStatus* _statuses = (FileStatus*)NativeMemory.AllocZeroed(Room, 256);

    internal RingProgram(string root, bool batched, bool fixedBuffers)
    {
        _batched = batched;
        _fixed = fixedBuffers;
        _buffers = _ring.RegisterBuffers(Room, BufferBytes);
        _ring.Entry(0).PrepOpen(root, OpenFlags.Directory | OpenFlags.CloseOnExec);
        _directory = _ring.Next().Result;
        _ring.Entry(0).PrepOpenat(_directory, "n0"u8, OpenFlags.ReadWrite | OpenFlags.Create, All);
        _file = _ring.Next().Result;
        Assert.That(Math.Min(_directory, _file), Is.Positive);
    }

    public void Dispose()
    {
        Assert.That(Libc.Close(_file) + Libc.Close(_directory), Is.Zero);
        _ring.Dispose();
        NativeMemory.Free(_statuses);
    }

    internal string[] Run(Step[] steps)
    {
        CompletionEntry[] completions = new CompletionEntry[steps.Length];
        for (int i = 0; i < steps.Length; i++)
        {
            SubmissionEntry entry = _ring.Entry((ulong)i);
            Prepare(entry, steps[i], i);
            if (!_batched)
            {
                completions[i] = _ring.Next();
            }
            else if (i + 1 < steps.Length)
            {
                entry.Flags = SubmissionFlags.HardLink;
            }
        }

        completions = _batched ? _ring.Next(steps.Length) : completions;
        return [.. steps.Select((step, i) => Tell(step, i, completions[i].Result))];
    }

    private string Tell(Step step, int index, int result) => step.Kind switch
    {
        StepKind.Read when result > 0 =>
            $"{result} {Convert.ToHexString(_buffers.Span(index)[..result])}",
        StepKind.Status when result == 0 =>
            $"{_statuses[index].SizeBytes} {_statuses[index].LinkCount} {_statuses[index].Mode}",
        _ => $"{result}",
    };

    private void Prepare(SubmissionEntry entry, Step step, int index)
    {
        string first = Step.Name(step.First);
        string second = Step.Name(step.Second);
        switch (step.Kind)
        {
            case StepKind.Write:
                step.Data().CopyTo(_buffers.Span(index));
                PrepareTransfer(entry, step, index, isWrite: true);
                break;
            case StepKind.Read:
                PrepareTransfer(entry, step, index, isWrite: false);
                break;
            case StepKind.Truncate: entry.PrepFtruncate(_file, step.Length); break;
            case StepKind.Allocate:
                entry.PrepFallocate(_file, 0, (ulong)step.Offset, (ulong)step.Length);
                break;
            case StepKind.Sync: entry.PrepFsync(_file, FileSyncFlags.DataOnly); break;
            case StepKind.MakeDirectory:
                entry.PrepMkdirat(_directory, step.First == 3 ? "d" : first, All);
                break;
            case StepKind.Rename: entry.PrepRenameat(_directory, first, _directory, second, 0); break;
            case StepKind.Link: entry.PrepLinkat(_directory, first, _directory, second, 0); break;
            case StepKind.SymbolicLink: entry.PrepSymlinkat(first, _directory, second); break;
            case StepKind.Unlink: entry.PrepUnlinkat(_directory, first, 0); break;
            case StepKind.Remove: entry.PrepUnlinkat(_directory, first, CallProgram.RemoveDirectory); break;
            default:
                entry.PrepStatx(
                    _directory, first, CallProgram.NoFollow, FileStatusFields.Basic, &_statuses[index]);
                break;
        }
    }

    private void PrepareTransfer(SubmissionEntry entry, Step step, int index, bool isWrite)
    {
        ulong offset = (ulong)step.Offset;
        fixed (byte* buffer = _buffers.Span(index))
        {
            // SAFETY: a mapping of the buffers', which does not move.
            int length = step.Length;
            switch (isWrite, _fixed)
            {
                case (true, true): entry.PrepWriteFixed(_file, _buffers, index, 0, length, offset); break;
                case (false, true): entry.PrepReadFixed(_file, _buffers, index, 0, length, offset); break;
                case (true, false): entry.PrepWrite(_file, buffer, (uint)length, offset); break;
                default: entry.PrepRead(_file, buffer, (uint)length, offset); break;
            }
        }
    }
}
