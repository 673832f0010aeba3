using System.CommandLine;
using Gain.MutationTester;

var folders = new Argument<string[]>("folders")
{
    Description = $"What to mutate: {string.Join(", ", FixtureTable.Folders.Keys)}. All of them without any.",
    DefaultValueFactory = _ => [.. FixtureTable.Folders.Keys],
};
folders.Validators.Add(result =>
{
    foreach (string folder in result.Tokens.Select(token => token.Value.TrimEnd('/')))
    {
        if (!FixtureTable.Folders.ContainsKey(folder))
        {
            result.AddError($"No fixtures are known for {folder}; there are some for "
                + $"{string.Join(", ", FixtureTable.Folders.Keys)}. FixtureTable.cs says which.");
        }
    }
});
var count = new Option<int>("--count") { Description = "How many mutants.", DefaultValueFactory = _ => 200 };
count.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
    {
        result.AddError($"--count is {result.GetValueOrDefault<int>()}: it takes at least one mutant.");
    }
});
var seed = new Option<int>("--seed")
{
    Description = "Another seed is another choice.",
    DefaultValueFactory = _ => 1,
};
var list = new Option<bool>("--list")
{
    Description = "Lists the mutants, before any is built, and runs none.",
};
var only = new Option<int?>("--only") { Description = "Runs this mutant alone, again if it has run." };
var json = new Option<bool>("--json") { Description = "Writes the results as JSON." };
var minutes = new Option<double>("--minutes")
{
    Description = "Starts no mutant after this time; the same command goes on where it ended.",
    DefaultValueFactory = _ => 24 * 60,
};
var budget = new Option<double>("--budget")
{
    Description = "How many seconds of tests a mutant has to survive, counted without it.",
    DefaultValueFactory = _ => 45,
};
var slack = new Option<double>("--slack")
{
    Description = "A test hangs that takes 15 s and this many times what it takes without the mutant.",
    DefaultValueFactory = _ => 10,
};
var root = new Option<string>("--root")
{
    Description = "The tree, where Gain.sln is.",
    DefaultValueFactory = _ => Directory.GetCurrentDirectory(),
};
var scratch = new Option<string>("--scratch")
{
    Description = "Where the copy is built, and what is known is kept.",
    DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), $"gain-mutants-{Environment.UserName}"),
};
const string Purpose = "Changes the code in many small ways, and counts which of them the tests notice.";
var command = new RootCommand(Purpose)
{
    folders, count, seed, list, only, json, minutes, budget, slack, root, scratch,
};
command.SetAction(async result =>
{
    string copy = Path.GetFullPath(result.GetRequiredValue(scratch));
    var tree = new ScratchTree(Path.GetFullPath(result.GetRequiredValue(root)), copy);
    var choice = new SessionChoice(
        [.. result.GetRequiredValue(folders).Select(folder => folder.TrimEnd('/')).Distinct()],
        result.GetValue(count), result.GetValue(seed), result.GetValue(budget));
    var session = new Session(tree, new TestHost(tree, result.GetValue(slack)), choice, Console.Error);
    if (result.GetValue(list))
    {
        foreach (Mutant mutant in session.Order().Take(choice.Count))
        {
            Console.WriteLine(mutant);
        }

        return 0;
    }

    DateTime end = DateTime.UtcNow + TimeSpan.FromMinutes(result.GetValue(minutes));
    SessionState state = await session.RunAsync(end, result.GetValue(only));
    Report.Write(state, result.GetValue(json), Console.Out);
    return 0;
});
return await command.Parse(args).InvokeAsync();
