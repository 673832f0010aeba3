namespace Gain.Tests;

/// <summary>A test that hangs ends the run, which names it; others do not.</summary>
public sealed class HangWatchTests
{
    private readonly List<string> _ends = [];
    private long _nowMs;

    [SetUp]
    public void Forget()
    {
        _ends.Clear();
        _nowMs = 1_000;
    }

    [Test]
    public void A_test_past_its_patience_ends_the_run_by_its_name()
    {
        HangWatch watch = New();
        watch.Begin("1", "A.Quick", TimeSpan.FromSeconds(10));
        watch.Begin("2", "A.Hanging", TimeSpan.FromSeconds(5));
        _nowMs += 5_000;
        watch.Look();
        Assert.That(_ends, Is.Empty);
        _nowMs++;
        watch.Look();
        Assert.That(_ends, Is.EqualTo(new[] { "A.Hanging hangs: it has not ended in 5 s." }));
    }

    [Test]
    public void A_test_that_has_ended_or_has_all_the_time_hangs_never()
    {
        HangWatch watch = New();
        watch.Begin("1", "A.Ended", TimeSpan.FromSeconds(5));
        watch.End("1");
        watch.Begin("2", "A.Long", TimeSpan.FromSeconds(5));
        watch.Begin("2", "A.Long", null);
        _nowMs += 1_000_000;
        watch.Look();
        Assert.That(_ends, Is.Empty);
    }

    [Test]
    public void The_patience_of_the_class_takes_the_place_of_the_assemblys()
    {
        HangWatch watch = New();
        watch.Begin("1", "A.Slow", TimeSpan.FromSeconds(5));
        watch.Begin("1", "A.Slow", TimeSpan.FromSeconds(50));
        _nowMs += 50_000;
        watch.Look();
        Assert.That(_ends, Is.Empty);
        _nowMs++;
        watch.Look();
        Assert.That(_ends, Has.Count.EqualTo(1));
    }

    private HangWatch New() => new(() => _nowMs, _ends.Add);
}
