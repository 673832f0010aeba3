using System.Reflection;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>Every member of a ring that was disposed of says so, or tells what it still knows.</summary>
[TestFixture]
internal sealed unsafe class DisposedMembersTests
{
    // What needs no ring, or tells what the object itself keeps.
    private static readonly string[] s_always =
    [
        "Create", "Dispose", "MemorySize", "LockedMemorySize", "TryQuery", "Query", "SendMessage",
        "RegisterThreadBpfFilter", "get_LiburingVersion", "get_Descriptor", "get_Flags", "get_Features",
        "get_UsesRegisteredDescriptor", "get_SubmissionCapacity", "get_CompletionCapacity",
        "get_Unsubmitted", "get_NextIndex", "get_Overflows",
    ];

    private static readonly Dictionary<string, Action<Ring>> s_calls = new()
    {
        ["TryGetEntry"] = r => r.TryGetEntry(out _),
        ["TryGetEntry128"] = r => r.TryGetEntry128(out _),
        ["get_CompletionsReady"] = r => _ = r.CompletionsReady,
        ["get_HasOverflow"] = r => _ = r.HasOverflow,
        ["get_TaskWorkPending"] = r => _ = r.TaskWorkPending,
        ["get_LostCompletions"] = r => _ = r.LostCompletions,
        ["get_DroppedSubmissions"] = r => _ = r.DroppedSubmissions,
        ["get_SubmissionThreadSleeps"] = r => _ = r.SubmissionThreadSleeps,
        ["get_NotifiesEventFd"] = r => _ = r.NotifiesEventFd,
        ["set_NotifiesEventFd"] = r => r.NotifiesEventFd = false,
        ["PeekCompletion"] = r => r.PeekCompletion(5),
        ["CompletionAt"] = r => _ = r.CompletionAt(5).Result,
        ["AdvanceCompletions"] = r => r.AdvanceCompletions(0),
        ["TakeCompletions"] = r => r.TakeCompletions(),
        ["TakeLargeCompletions"] = r => r.TakeLargeCompletions(),
        ["TryPeekCompletion"] = r => r.TryPeekCompletion(out _),
        ["PeekCompletions"] = r => r.PeekCompletions(new CompletionEntry[1]),
        ["WaitForCompletion"] = r => r.WaitForCompletion(out _, 0),
        ["Wait"] = r => r.Wait(1, 0),
        ["Submit"] = r => r.Submit(),
        ["SubmitAndGetEvents"] = r => r.SubmitAndGetEvents(),
        ["SubmitAndWait"] = r => r.SubmitAndWait(1, -1),
        ["SubmitAndWaitRegistered"] = r => r.SubmitAndWaitRegistered(1, 0),
        ["GetEvents"] = r => r.GetEvents(),
        ["SetIoWait"] = r => r.SetIoWait(true),
        ["WaitForSubmissionRoom"] = r => r.WaitForSubmissionRoom(),
        ["Resize"] = r => r.Resize(1, 2),
        ["Enable"] = r => r.Enable(),
        ["GetProbe"] = r => r.GetProbe(),
        ["DontFork"] = r => r.DontFork(),
        ["CloseDescriptor"] = r => r.CloseDescriptor(),
        ["RegisterDescriptor"] = r => r.RegisterDescriptor(),
        ["UnregisterDescriptor"] = r => r.UnregisterDescriptor(),
        ["RegisterBufferRing"] = r => r.RegisterBufferRing(1, 1, 16),
        ["RegisterBuffers"] = r => r.RegisterBuffers(1, 1),
        ["RegisterBuffersSparse"] = r => r.RegisterBuffersSparse(1),
        ["CloneBuffers"] = r => r.CloneBuffers(r),
        ["RegisterFiles"] = r => r.RegisterFiles([0]),
        ["RegisterFilesSparse"] = r => r.RegisterFilesSparse(1),
        ["RegisterEventFd"] = r => r.RegisterEventFd(0),
        ["UnregisterEventFd"] = r => r.UnregisterEventFd(),
        ["RegisterPersonality"] = r => r.RegisterPersonality(),
        ["UnregisterPersonality"] = r => r.UnregisterPersonality(1),
        ["RegisterRestrictions"] = r => r.RegisterRestrictions([]),
        ["RegisterWorkerAffinity"] = r => r.RegisterWorkerAffinity([1]),
        ["UnregisterWorkerAffinity"] = r => r.UnregisterWorkerAffinity(),
        ["RegisterWorkerLimits"] = r => r.RegisterWorkerLimits(default),
        ["RegisterNapi"] = r => r.RegisterNapi(default),
        ["UnregisterNapi"] = r => r.UnregisterNapi(),
        ["RegisterClock"] = r => r.RegisterClock(default),
        ["CancelNow"] = r => r.CancelNow(0, -1, CancelFlags.Any, 0),
        ["RegisterBpfFilter"] = r => r.RegisterBpfFilter(RingOperation.Nop, [], false),
        ["RegisterWaitRegion"] = r => r.RegisterWaitRegion(1),
        ["RegisterRegion"] = r => r.RegisterRegion(null, 0, false),
        ["RegisterZeroCopyReceive"] = r => r.RegisterZeroCopyReceive(1, 0, 1, Environment.SystemPageSize),
    };

    [Test]
    public void No_member_is_forgotten() => Assert.That(
        s_calls.Keys.Concat(s_always),
        Is.EquivalentTo(typeof(Ring)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static
                | BindingFlags.DeclaredOnly)
            .Select(method => method.Name)
            .Distinct()));

    [Test]
    public void Each_member_says_that_the_ring_is_gone([ValueSource(nameof(Names))] string name)
    {
        Ring ring = TestRing.Create(flags: RingSetupFlags.Default);
        ring.Dispose();

        Assert.That(() => s_calls[name](ring), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_loop_that_is_over_looks_at_nothing()
    {
        using Ring ring = TestRing.Create();
        ring.Entry(1).PrepNop();
        _ = ring.SubmitAndWait(1, TestRing.PatienceNs);
        CompletionBatch.Enumerator loop = ring.TakeCompletions().GetEnumerator();
        Assert.That(loop.MoveNext());
        loop.Dispose();

        bool isSafe = false;
        try
        {
            _ = loop.Current.Result;
        }
        catch (NullReferenceException)
        {
            isSafe = true;
        }

        Assert.That(isSafe);
        Assert.That(loop.MoveNext(), Is.False);
        loop.Dispose();
        Assert.That(ring.CompletionsReady, Is.Zero);
    }

    private static IEnumerable<string> Names() => s_calls.Keys;
}
