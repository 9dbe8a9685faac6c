package org.touchline.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A browser with nobody in front of it, and what a person does in it. What is looked for is waited for, as somebody would who sees that
 * the page is at work.
 */
final class Chromium implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String NEEDS =
            "skipped: views in a browser need -Dbrowser, and Debian's chromium and chromium-driver";

    private static final String AXE = resource("/axe.min.js");

    private final ChromeDriver driver;
    private final Path downloads;
    private Duration patience = PATIENCE;

    private Chromium(ChromeDriver driver, Path downloads) {
        this.driver = driver;
        this.downloads = downloads;
    }

    /** A new one; the test is skipped where tests in a browser are not asked for, or there is none. */
    static Chromium start() {
        Assumptions.assumeTrue(System.getProperty("browser") != null, NEEDS);
        var browser = onThePath("chromium");
        var itsDriver = onThePath("chromedriver");
        Assumptions.assumeTrue(browser.isPresent() && itsDriver.isPresent(), NEEDS);
        try {
            var downloads = Files.createTempDirectory("downloads");
            var logs = new LoggingPreferences();
            logs.enable(LogType.BROWSER, Level.ALL);
            var options = new ChromeOptions()
                    .setBinary(browser.get())
                    .addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1360,900")
                    // A name that a stranger leads to this machine.
                    .addArguments("--host-resolver-rules=MAP touchline.example 127.0.0.1")
                    .setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString()));
            options.setCapability("goog:loggingPrefs", logs);
            var service = new ChromeDriverService.Builder()
                    .usingDriverExecutable(itsDriver.get())
                    .build();
            return new Chromium(new ChromeDriver(service, options), downloads);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String resource(String name) {
        try (var script = Chromium.class.getResourceAsStream(name)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<File> onThePath(String program) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> new File(folder, program))
                .filter(File::canExecute)
                .findFirst();
    }

    void open(URI address) {
        driver.get(address.toString());
    }

    /** Goes to a view, as a link within the page does. */
    void go(String fragment) {
        script("location.hash = arguments[0]", fragment);
    }

    String address() {
        return driver.getCurrentUrl();
    }

    void reload() {
        driver.navigate().refresh();
    }

    void back() {
        driver.navigate().back();
    }

    void forward() {
        driver.navigate().forward();
    }

    /** The first element that this selects, as soon as there is one that is seen. */
    WebElement see(String selector) {
        return await(
                selector,
                () -> driver.findElements(By.cssSelector(selector)).stream()
                        .filter(WebElement::isDisplayed)
                        .findFirst());
    }

    /** Waits until what is on the page has this text. */
    void seeText(String text) {
        await(text, () -> text().contains(text) ? Optional.of(text) : Optional.empty());
    }

    /** What is in the main part of the page. */
    String text() {
        return driver.findElement(By.id("main")).getText();
    }

    void press(String name) {
        button(name).click();
    }

    /** The button whose text begins so, once it can be pressed. */
    WebElement button(String name) {
        return await(
                "the button " + name,
                () -> driver.findElements(By.tagName("button")).stream()
                        .filter(each -> each.isDisplayed()
                                && each.isEnabled()
                                && each.getText().startsWith(name))
                        .findFirst());
    }

    void pressIn(String selector, String name) {
        await(
                        "the button " + name,
                        () -> driver.findElements(By.cssSelector(selector + " button")).stream()
                                .filter(each -> each.isDisplayed()
                                        && each.isEnabled()
                                        && each.getText().startsWith(name))
                                .findFirst())
                .click();
    }

    void seeDialog(String text) {
        seeIn("dialog", text);
    }

    void seeIn(String selector, String text) {
        await(
                text,
                () -> driver.findElement(By.cssSelector(selector)).getText().contains(text)
                        ? Optional.of(text)
                        : Optional.empty());
    }

    /** Types, wherever the focus is. */
    void keys(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    void follow(String link) {
        await(
                        "the link " + link,
                        () -> driver.findElements(By.linkText(link)).stream().findFirst())
                .click();
    }

    /** The control of a label. */
    WebElement field(String label) {
        return await(
                "the field " + label,
                () -> driver.findElements(By.tagName("label")).stream()
                        .filter(each -> each.isDisplayed() && each.getText().startsWith(label))
                        .map(each -> driver.findElement(By.id(each.getDomAttribute("for"))))
                        .findFirst());
    }

    void type(String label, String text) {
        var field = field(label);
        field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        field.sendKeys(text);
    }

    void choose(String label, String option) {
        new Select(field(label)).selectByVisibleText(option);
    }

    /** A date, which a person types in the order of their locale. */
    void pick(String label, String date) {
        script(
                "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
                field(label),
                date);
    }

    Object script(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    Object later(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeAsyncScript(script, arguments);
    }

    /** A file that was downloaded, once it is whole. */
    String download(String name) throws IOException {
        var file = downloads.resolve(name);
        await("the file " + name, () -> Files.exists(file) ? Optional.of(file) : Optional.empty());
        return Files.readString(file);
    }

    void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    /** As if the system were set to dark, or to light. */
    void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** Keeps how the page looks, in {@code local/target/screens}. */
    void picture(String name) throws IOException {
        var folder = Files.createDirectories(Path.of(System.getProperty("touchline.root"), "local/target/screens"));
        Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** What axe-core finds, of everything that it knows. */
    void hasNoBarrier() {
        script(AXE);
        var found = later("""
                const done = arguments[arguments.length - 1];
                axe.run().then(({ violations }) => done(violations.flatMap(({ id, nodes }) =>
                    nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`))));
                """);
        assertEquals(List.of(), found, address());
    }

    /** What the browser's console says since it was last asked; that somebody is not there, or has another id, is an answer, and no error. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .filter(entry -> !entry.getMessage()
                        .matches(".*/console/api/\\S* - Failed to load resource: .* status of 4(?:00|04|10).*"))
                .map(entry -> entry.getLevel() + " " + entry.getMessage())
                .toList();
    }

    /** With the patience that somebody has for what takes minutes. */
    void patiently(Runnable look) {
        patience = PATIENCE.multipliedBy(12);
        try {
            look.run();
        } finally {
            patience = PATIENCE;
        }
    }

    /** Waits for whatever it is. */
    <T> T await(String what, Look<T> look) {
        return new WebDriverWait(driver, patience, Duration.ofMillis(50))
                .ignoring(StaleElementReferenceException.class)
                .ignoring(NoSuchElementException.class)
                .withMessage(() -> what + " is not seen at " + address() + ", but this:\n" + text())
                .until(_ -> look.now().orElse(null));
    }

    /** What there is now, if it is there. */
    @FunctionalInterface
    interface Look<T> {
        Optional<T> now();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
