namespace Gain.Tests.Connections.Interleavings;

/// <summary>
/// A worker's latch with its mailbox and its list of released holds, in all interleavings: no command and no
/// release is ever left while the worker sleeps. And each part of the latch is needed for that.
/// </summary>
/// <remarks>
/// The model has what decides who sees whom: the store that publishes a command, the exchange that releases
/// a hold, the latch, the worker's looks, and the event that ends its sleep. WakeLatchTests tries the latch
/// itself.
/// </remarks>
public sealed class WakeModelTests
{
    private const int Sleeping = 0;
    private const int Event = 1;
    private const int FirstWork = 2;

    [TestCase(1, 0)]
    [TestCase(2, 0)]
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(2, 1)]
    public void No_command_and_no_release_is_left_while_the_worker_sleeps(int commands, int releases)
    {
        Explorer explorer = Model(commands, releases);
        Assert.That(explorer.AlwaysEnds());
        TestContext.Out.WriteLine($"{explorer.States:N0} states");
        Assert.That(explorer.States, Is.GreaterThan(20));
    }

    [TestCase(1, 0)]
    [TestCase(1, 1)]
    public void Without_the_fence_of_who_wakes_one_is_left(int commands, int releases) =>
        Assert.That(Model(commands, releases, posterHasFence: false).AlwaysEnds(), Is.False);

    [TestCase(1, 0)]
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    public void Without_the_fence_of_who_sleeps_one_is_left(int commands, int releases) =>
        Assert.That(Model(commands, releases, workerHasFence: false).AlwaysEnds(), Is.False);

    [TestCase(1, 0)]
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    public void Without_the_last_look_before_the_sleep_one_is_left(int commands, int releases) =>
        Assert.That(Model(commands, releases, looksAgain: false).AlwaysEnds(), Is.False);

    // A release is an exchange, which is a fence by itself; a command is published by a store.
    private static Explorer Model(
        int commands,
        int releases,
        bool posterHasFence = true,
        bool workerHasFence = true,
        bool looksAgain = true)
    {
        int works = commands + releases;
        var threads = new List<Step[]> { Worker(works, workerHasFence, looksAgain) };
        for (int work = 0; work < works; work++)
        {
            Step publish = work < commands
                ? Step.Store(FirstWork + work, 1)
                : Step.Exchange(FirstWork + work, 1);
            threads.Add(Poster(publish, posterHasFence));
        }

        return new Explorer([.. threads], FirstWork + works);
    }

    // Mailbox.Publish or HoldTable.Release, then WakeLatch.WakeIfSleeping.
    private static Step[] Poster(Step publish, bool hasFence)
    {
        var steps = new List<Step> { publish };
        if (hasFence)
        {
            steps.Add(Step.Fence());
        }

        int end = steps.Count + 5;
        steps.AddRange(
            Step.Load(Sleeping),
            Step.IfZero(end),
            Step.Exchange(Sleeping, 0),
            Step.IfZero(end),
            Step.Exchange(Event, 1));
        return [.. steps];
    }

    // Worker.Wait for each piece of work in turn: it sleeps as long as that is not there. The pieces before
    // it are done, those behind it are not looked at, so that a wake-up for those is one for nothing.
    private static Step[] Worker(int works, bool hasFence, bool looksAgain)
    {
        var steps = new List<Step>();
        for (int work = FirstWork; work < FirstWork + works; work++)
        {
            int begin = steps.Count;
            steps.Add(Step.Load(work));
            steps.Add(Step.IfZero(begin + 3));
            int jumpToDone = steps.Count;
            steps.Add(default);
            steps.Add(hasFence ? Step.Exchange(Sleeping, 1) : Step.Store(Sleeping, 1));
            int jumpToAwake = -1;
            if (looksAgain)
            {
                steps.Add(Step.Load(work));
                steps.Add(Step.IfZero(steps.Count + 2));
                jumpToAwake = steps.Count;
                steps.Add(default);
            }

            steps.Add(Step.Sleep(Event));
            if (jumpToAwake >= 0)
            {
                steps[jumpToAwake] = Step.Jump(steps.Count);
            }

            steps.Add(Step.Store(Sleeping, 0));
            steps.Add(Step.Jump(begin));
            steps[jumpToDone] = Step.Jump(steps.Count);
        }

        return [.. steps];
    }
}
