using System.Runtime.InteropServices;
using Gain.Rings;

namespace Gain.Tests.Simulation;

/// <summary>The receive buffers: whose each is, and that nobody uses one that is not theirs.</summary>
internal sealed unsafe class SimulatedBuffers : IDisposable
{
    private const byte Poison = 0xDB;

    private readonly SimulatedWorld _world;
    private readonly RingSettings _settings;
    private readonly Owner[] _owners;
    private readonly int[] _lengths;
    private readonly Queue<ushort> _free = new();
    private readonly List<ushort> _recycled = [];
    private byte* _memory;

    public SimulatedBuffers(SimulatedWorld world, RingSettings settings)
    {
        _world = world;
        _settings = settings;
        _owners = new Owner[settings.BufferCount];
        _lengths = new int[settings.BufferCount];
        _memory = (byte*)NativeMemory.Alloc((nuint)(settings.BufferCount * settings.BufferBytes));
        for (int i = 0; i < settings.BufferCount; i++)
        {
            Recycle((ushort)i);
        }

        Publish();
    }

    private enum Owner
    {
        /// <summary>The worker's, which was lent it with a completion. Also the state at the start.</summary>
        Worker,

        /// <summary>The kernel's, free to receive into.</summary>
        Kernel,

        /// <summary>In a completion that the worker has not taken.</summary>
        Completion,

        /// <summary>Given back, and the kernel does not know yet.</summary>
        Recycled,
    }

    public bool IsEmpty => _free.Count == 0;

    public int Bytes => _settings.BufferBytes;

    /// <summary>Takes a free buffer and fills it.</summary>
    public ushort Fill(ReadOnlySpan<byte> bytes)
    {
        ushort id = _free.Dequeue();
        bytes.CopyTo(SpanOf(id));
        _owners[id] = Owner.Completion;
        _lengths[id] = bytes.Length;
        return id;
    }

    /// <summary>The worker has taken the completion that carries the buffer.</summary>
    public void Lend(ushort id) => _owners[id] = Owner.Worker;

    public ReadOnlySpan<byte> Read(ushort id, int length)
    {
        Check(id, "read");
        return length == _lengths[id]
            ? SpanOf(id)[..length]
            : throw _world.Fail($"buffer {id} has {_lengths[id]} bytes, and {length} were read");
    }

    public void Recycle(ushort id)
    {
        Check(id, "recycled");
        SpanOf(id).Fill(Poison);
        _owners[id] = Owner.Recycled;
        _recycled.Add(id);
    }

    /// <summary>The end of a batch: the kernel has back what was recycled.</summary>
    public void Publish()
    {
        foreach (ushort id in _recycled)
        {
            _owners[id] = Owner.Kernel;
            _free.Enqueue(id);
        }

        _recycled.Clear();
    }

    public int CountLent() => _owners.Length - _free.Count;

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }

    private void Check(ushort id, string what)
    {
        if (id >= _owners.Length)
        {
            throw _world.Fail($"buffer {id} was {what}, and there are {_owners.Length}");
        }

        if (_owners[id] != Owner.Worker)
        {
            throw _world.Fail($"buffer {id} was {what} by the worker while its owner is {_owners[id]}");
        }
    }

    // SAFETY: the memory lives until Dispose, which the worker calls when its loop has ended.
    private Span<byte> SpanOf(ushort id) =>
        new(_memory + (id * _settings.BufferBytes), _settings.BufferBytes);
}
