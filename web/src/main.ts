/** Where the page begins: its words in the visitor's language, then the studio. */
import { translatePage } from './i18n';
import { setUpOffline } from './ui/offline';
import { setUpStorage } from './ui/storage';
import { Studio } from './ui/studio';

translatePage();
new Studio().open();
setUpStorage();
setUpOffline();
