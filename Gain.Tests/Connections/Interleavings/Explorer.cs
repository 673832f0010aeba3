namespace Gain.Tests.Connections.Interleavings;

/// <summary>
/// Runs a model of a few threads in all interleavings. Each thread has a store buffer, as processors have:
/// what it stores is seen by the others later, in order. A locked step and a fence wait for the buffer.
/// </summary>
/// <param name="threads">The steps of each thread; one that has done its last has ended.</param>
/// <param name="variables">The variables of the memory, which begin as 0.</param>
internal sealed class Explorer(Step[][] threads, int variables)
{
    private readonly HashSet<string> _seen = [];

    /// <summary>The states that were seen.</summary>
    public int States => _seen.Count;

    /// <summary>
    /// Whether all threads come to their end in every interleaving: none is left where nothing goes on.
    /// </summary>
    public bool AlwaysEnds()
    {
        var begin = new State(new int[variables], [.. threads.Select(_ => ThreadState.New)]);
        var left = new Stack<State>();
        left.Push(begin);
        while (left.TryPop(out State? state))
        {
            if (!_seen.Add(state.ToString()))
            {
                continue;
            }

            State[] next = [.. Successors(state)];
            if (next.Length == 0 && Enumerable.Range(0, threads.Length).Any(i => !HasEnded(state, i)))
            {
                return false;
            }

            Array.ForEach(next, left.Push);
        }

        return true;
    }

    private bool HasEnded(State state, int thread) => state.Threads[thread].At == threads[thread].Length;

    private IEnumerable<State> Successors(State state)
    {
        for (int i = 0; i < threads.Length; i++)
        {
            ThreadState thread = state.Threads[i];
            if (thread.Buffer.Length != 0)
            {
                (int variable, int value) = thread.Buffer[0];
                yield return state.With(i, thread with { Buffer = thread.Buffer[1..] }, variable, value);
            }

            if (!HasEnded(state, i) && Take(state, i, threads[i][thread.At]) is { } next)
            {
                yield return next;
            }
        }
    }

    // Null when the thread has to wait.
    private static State? Take(State state, int i, Step step)
    {
        ThreadState thread = state.Threads[i];
        ThreadState after = thread with { At = thread.At + 1 };
        bool isDrained = thread.Buffer.Length == 0;
        return step.Kind switch
        {
            StepKind.Store => state.With(
                i, after with { Buffer = [.. thread.Buffer, (step.Variable, step.Value)] }),
            StepKind.Load => state.With(i, after with { Loaded = Load(state, thread, step.Variable) }),
            StepKind.Exchange when isDrained => state.With(
                i, after with { Loaded = state.Memory[step.Variable] }, step.Variable, step.Value),
            StepKind.Fence when isDrained => state.With(i, after),
            StepKind.IfZero => state.With(i, thread.Loaded == 0 ? after with { At = step.Value } : after),
            StepKind.Jump => state.With(i, after with { At = step.Value }),
            StepKind.Sleep when isDrained && state.Memory[step.Variable] != 0 => state.With(
                i, after, step.Variable, 0),
            _ => null,
        };
    }

    private static int Load(State state, ThreadState thread, int variable)
    {
        for (int i = thread.Buffer.Length - 1; i >= 0; i--)
        {
            if (thread.Buffer[i].Variable == variable)
            {
                return thread.Buffer[i].Value;
            }
        }

        return state.Memory[variable];
    }

    private sealed record ThreadState(int At, int Loaded, (int Variable, int Value)[] Buffer)
    {
        public static readonly ThreadState New = new(0, 0, []);

        public override string ToString() => $"{At} {Loaded} {string.Join(',', Buffer)}";
    }

    private sealed record State(int[] Memory, ThreadState[] Threads)
    {
        public State With(int thread, ThreadState changed)
        {
            var threads = (ThreadState[])Threads.Clone();
            threads[thread] = changed;
            return new State(Memory, threads);
        }

        public State With(int thread, ThreadState changed, int variable, int value)
        {
            var memory = (int[])Memory.Clone();
            memory[variable] = value;
            return With(thread, changed) with { Memory = memory };
        }

        public override string ToString() =>
            $"{string.Join(' ', Memory)};{string.Join<ThreadState>(';', Threads)}";
    }
}
