namespace Gain.Tests.Generator;

/// <summary>The emitted files, as a person reads them.</summary>
public sealed class SnapshotTests
{
    private static readonly bool s_update =
        Environment.GetEnvironmentVariable("GAIN_UPDATE_SNAPSHOTS") == "1";

    [TestCaseSource(typeof(Samples), nameof(Samples.All))]
    public void Emits_what_was_approved(string name, string source)
    {
        GeneratorRun run = GeneratorRun.Of(source);
        string text = $"// File: {run.Result.GeneratedSources.Single().HintName}\n{run.Text}";
        if (s_update)
        {
            Snapshot.InRepository.Approve(name, text);
        }

        string? difference = Snapshot.InRepository.Compare(name, text);
        Assert.That(difference, Is.Null, difference);
    }

    [Test]
    public void Every_snapshot_belongs_to_a_sample()
    {
        IEnumerable<string> files = Snapshot.InRepository.Names;
        IEnumerable<string> samples = Samples.All.Select(sample => (string)sample.Arguments[0]!);

        Assert.That(files, Is.EquivalentTo(samples));
    }

    [Test]
    public void A_difference_fails_and_is_shown()
    {
        string directory = Directory.CreateTempSubdirectory("gain-snapshot-").FullName;
        try
        {
            var snapshot = new Snapshot(directory);
            Assert.That(snapshot.Compare("a", "1\n2\n3\n"), Does.Contain("does not exist"));

            snapshot.Approve("a", "1\n2\n3\n4\n5\n6\n");
            Assert.That(snapshot.Compare("a", "1\n2\n3\n4\n5\n6\n"), Is.Null);
            Assert.That(File.Exists(Path.Combine(directory, "a.received.txt")), Is.False);

            string? difference = snapshot.Compare("a", "1\n2\n3\nfour\n5\n6\n");
            Assert.That(difference, Does.EndWith("@@ line 2 @@\n  2\n  3\n- 4\n+ four\n  5\n  6\n"));
            Assert.That(File.ReadAllText(Path.Combine(directory, "a.received.txt")), Does.Contain("four"));

            Assert.That(snapshot.Compare("a", "1\n2\n3\n4\n5\n6\n6\n"), Does.Contain("+ 6\n"));
            Assert.That(snapshot.Compare("a", "1\n2\n3\n4\n5\n"), Does.Contain("- 6\n"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
