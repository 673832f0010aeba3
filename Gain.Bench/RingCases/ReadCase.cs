using System.Runtime.InteropServices;
using Gain.Uring;
using Microsoft.Win32.SafeHandles;

namespace Gain.Bench.RingCases;

/// <summary>Reads of 4 KiB at random places of a file, 32 at a time.</summary>
internal sealed unsafe class ReadCase : IRingCase
{
    private const int ReadBytes = 4096;
    private const int Depth = 32;
    private const ulong Seed = 88172645463325252;

    private readonly Ring _ring = RingWork.CreateRing();
    private readonly SafeFileHandle _file;
    private readonly int _descriptor;
    private readonly ulong _blocks;

    // SAFETY: this object's memory; nothing is in flight between two runs.
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(Depth * ReadBytes, ReadBytes);
    private ulong _state = Seed;

    public ReadCase(string path)
    {
        _file = File.OpenHandle(path);
        _descriptor = (int)_file.DangerousGetHandle();
        _blocks = (ulong)RandomAccess.GetLength(_file) / ReadBytes;
    }

    public void Run(int operations)
    {
        _state = Seed;
        for (uint slot = 0; slot < Depth; slot++)
        {
            Prepare(slot);
        }

        for (int done = 0; done < operations;)
        {
            RingWork.Submit(_ring, 1);
            foreach (ref readonly CompletionEntry completion in _ring.TakeCompletions())
            {
                if (completion.Result != ReadBytes)
                {
                    RingWork.ThrowWrong(in completion, ReadBytes);
                }

                Prepare((uint)completion.UserData);
                done++;
            }
        }

        RingWork.Submit(_ring, Depth);
        _ = RingWork.Take(_ring, ReadBytes);
    }

    public void Dispose()
    {
        _ring.Dispose();
        _file.Dispose();
        NativeMemory.AlignedFree(_memory);
    }

    private void Prepare(uint slot)
    {
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        SubmissionEntry entry = RingWork.Next(_ring);
        entry.PrepRead(_descriptor, _memory + (slot * ReadBytes), ReadBytes, _state % _blocks * ReadBytes);
        entry.UserData = slot;
    }
}
