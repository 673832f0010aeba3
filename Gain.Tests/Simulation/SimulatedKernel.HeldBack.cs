using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Simulation;

/// <remarks>
/// Old kernels do not limit how much of one operation they take at a time: then the ring does. The queue by
/// which it does so is the engine's own; a list for each user_data beside it says what has to come out.
/// </remarks>
internal sealed partial class SimulatedKernel : IDisposable
{
    private readonly FairQueue _held;
    private readonly Dictionary<ulong, Queue<(CompletionEntry, SimulatedOperation?)>> _expected = [];
    private readonly Dictionary<ulong, int> _runs = [];

    public long CountHeldBack(ulong userData) =>
        _held.CountBytes(userData)
        + _completions.Take(Faults.CompletionCapacity)
            .Where(one => one.Entry.UserData == userData)
            .Sum(one => (long)Math.Max(0, one.Entry.Result));

    public void Dispose()
    {
        Buffers.Dispose();
        _held.Dispose();
    }

    private void HoldReady()
    {
        for (; _ready != 0 && _held.TryAdd(_completions.Peek().Entry); _ready--)
        {
            (CompletionEntry Entry, SimulatedOperation? Operation) moved = _completions.Dequeue();
            if (!_expected.TryGetValue(moved.Entry.UserData, out var lane))
            {
                _expected[moved.Entry.UserData] = lane = new();
            }

            lane.Enqueue(moved);
        }

        Overflows += _ready == 0 ? 0 : 1;
        _ready = 0;
        _runs.Clear();
        _held.BeginTurn();
    }

    private bool TryTakeHeld(out CompletionEntry completion, out SimulatedOperation? operation)
    {
        operation = null;
        if (!_held.TryTake(out completion))
        {
            CheckNobodyStarved();
            return false;
        }

        ulong userData = completion.UserData;
        (CompletionEntry next, operation) = _expected[userData].Dequeue();
        if (next.Result != completion.Result || next.Flags != completion.Flags)
        {
            throw World.Fail($"a completion of {userData:X} overtook another of it");
        }

        if ((_runs[userData] = _runs.GetValueOrDefault(userData) + 1) > World.Scenario.LongestRun)
        {
            throw World.Fail($"{userData:X} had {_runs[userData]} completions in a batch");
        }

        return true;
    }

    // Whoever has something had its turn, and an operation without more is forgotten.
    private void CheckNobodyStarved()
    {
        int left = 0;
        foreach ((ulong userData, var lane) in _expected)
        {
            left += lane.Count;
            if (lane.Count == 0)
            {
                _expected.Remove(userData);
            }
            else if (_runs.GetValueOrDefault(userData) != World.Scenario.LongestRun)
            {
                throw World.Fail($"{userData:X} had {_runs.GetValueOrDefault(userData)} of its completions");
            }
        }

        if (left != _held.Count)
        {
            throw World.Fail($"{left} completions are held back, and the queue has {_held.Count}");
        }
    }
}
